"""Crashes: reproduce the exception of a ticket in a test, guard the expression that raises it."""

from __future__ import annotations

from slipway.playbooks.crash.playbook import CrashPlaybook

__all__ = ["CrashPlaybook"]
