"""Time as GitHub writes it: UTC, whole seconds, a trailing Z."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> str:
    """Say what time it is."""
    return stamp(datetime.now(UTC))


def stamp(moment: datetime) -> str:
    """Write a moment down."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse(text: str) -> datetime:
    """Read a moment back."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
