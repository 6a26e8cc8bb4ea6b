"""How a background step reports to the workflow that waits for it."""

from __future__ import annotations

from typing import Protocol


class StepGone(Exception):
    """The workflow no longer waits for this token: timed out, stopped, or already completed."""


class StepTokens(Protocol):
    """Each call raises StepGone when nobody waits any more."""

    def succeed(self, token: str, output: str) -> None:
        """Complete with a JSON output of at most 200,000 bytes."""
        ...

    def fail(self, token: str, *, error: str, cause: str) -> None:
        """Fail by error name (a class of the error tree) and a cause a person can read."""
        ...

    def heartbeat(self, token: str) -> None:
        """Say that the work is alive."""
        ...
