"""Bringing an environment into an AWS account, and out of it again."""
