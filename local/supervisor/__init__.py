"""Starts, watches and stops everything the laptop needs."""
