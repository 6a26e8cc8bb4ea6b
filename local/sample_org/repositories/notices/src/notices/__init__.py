"""Writes and delivers the messages that customers get."""
