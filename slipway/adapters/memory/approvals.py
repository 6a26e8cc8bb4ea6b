"""Approvals in memory."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from slipway.domain.approval import ApprovalDecision, ApprovalRequest


@dataclass(frozen=True)
class MemoryApprovals:
    """One row per task."""

    rows: dict[str, ApprovalRequest] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def put(self, request: ApprovalRequest) -> None:
        """Ask, replacing an earlier request."""
        with self.lock:
            self.rows[request.task_id] = request

    def get(self, task_id: str) -> ApprovalRequest | None:
        """The current request."""
        return self.rows.get(task_id)

    def place(self, task_id: str, *, channel: str, ts: str) -> None:
        """Remember where the card is."""
        with self.lock:
            where = {"slack_channel": channel, "slack_ts": ts}
            self.rows[task_id] = self.rows[task_id].model_copy(update=where)

    def decide(self, decision: ApprovalDecision) -> bool:
        """Once per plan hash."""
        with self.lock:
            row = self.rows.get(decision.task_id)
            if row is None or row.decision is not None or row.plan_hash != decision.plan_hash:
                return False
            self.rows[decision.task_id] = row.model_copy(update={"decision": decision})
            return True

    def mark_reminded(self, task_id: str) -> bool:
        """True for one caller."""
        with self.lock:
            row = self.rows.get(task_id)
            if row is None or row.reminded or row.decision is not None:
                return False
            self.rows[task_id] = row.model_copy(update={"reminded": True})
            return True
