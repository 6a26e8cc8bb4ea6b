"""Tasks that sleep until their checks have ended."""

from __future__ import annotations

from typing import Protocol

from slipway.domain.ci_wait import CiOutcome, CiWait


class CiWaits(Protocol):
    """One wait per task."""

    def put(self, wait: CiWait) -> None:
        """Register, replacing an earlier wait of the same task."""
        ...

    def get(self, task_id: str) -> CiWait | None:
        """The current wait."""
        ...

    def conclude(self, task_id: str, *, task_token: str, outcome: CiOutcome) -> bool:
        """Write the outcome of this wait once; False when it has one or was replaced."""
        ...
