"""What was asked about a plan and what was decided: one row per task."""

from __future__ import annotations

from typing import Protocol

from slipway.domain.approval import ApprovalDecision, ApprovalRequest


class Approvals(Protocol):
    """A decision is taken once per plan hash, whatever is clicked twice."""

    def put(self, request: ApprovalRequest) -> None:
        """Ask, replacing an earlier request of the same task."""
        ...

    def get(self, task_id: str) -> ApprovalRequest | None:
        """The current request with its decision, if any."""
        ...

    def place(self, task_id: str, *, channel: str, ts: str) -> None:
        """Remember where the card is; the rest of the row stays."""
        ...

    def decide(self, decision: ApprovalDecision) -> bool:
        """True when this decision is the one; False when one exists or the plan hash is another."""
        ...

    def mark_reminded(self, task_id: str) -> bool:
        """True for the caller that should send the reminder."""
        ...
