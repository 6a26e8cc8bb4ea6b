"""CI waits in memory."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from slipway.domain.ci_wait import CiOutcome, CiWait


@dataclass(frozen=True)
class MemoryCiWaits:
    """One row per task."""

    rows: dict[str, CiWait] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def put(self, wait: CiWait) -> None:
        """Register, replacing an earlier wait."""
        with self.lock:
            self.rows[wait.task_id] = wait

    def get(self, task_id: str) -> CiWait | None:
        """The current wait."""
        return self.rows.get(task_id)

    def conclude(self, task_id: str, *, task_token: str, outcome: CiOutcome) -> bool:
        """Write the outcome once."""
        with self.lock:
            row = self.rows.get(task_id)
            if row is None or row.outcome is not None or row.task_token != task_token:
                return False
            self.rows[task_id] = row.model_copy(update={"outcome": outcome})
            return True
