"""What the error tracker reported: one record for each of its issues, counted and filed once."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from slipway.domain.alert import Alert, AlertRecord, IssueStatus


class Alerts(Protocol):
    """Every write is one conditional write; a lost race is tried again or raised as Conflict."""

    def record(
        self, alert: Alert, *, delivery_id: str, at: datetime, starts_work: bool
    ) -> AlertRecord | None:
        """Count one report; None when this delivery was counted before."""
        ...

    def get(self, subject: str) -> AlertRecord | None:
        """What is known of an issue."""
        ...

    def set_status(self, subject: str, status: IssueStatus) -> bool:
        """What became of the issue; False when nothing is known of it."""
        ...

    def set_ticket(self, subject: str, ticket_key: str) -> str:
        """Remember the issue's ticket; returns the one that was remembered first."""
        ...

    def filed(self, subject: str, *, episode: int, task_id: str) -> None:
        """This episode has its task."""
        ...
