"""Crashes: reproduce the exception of a ticket in a test, guard the expression that raises it."""
