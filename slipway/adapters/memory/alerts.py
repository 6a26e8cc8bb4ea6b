"""Reports of the error tracker in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from slipway.domain.alert import Alert, AlertRecord, AlertState, IssueStatus, absorb


@dataclass(frozen=True)
class MemoryAlerts:
    """One process, so nothing is ever lost to a race."""

    records: dict[str, AlertRecord] = field(default_factory=dict)
    deliveries: set[str] = field(default_factory=set)

    def record(
        self, alert: Alert, *, delivery_id: str, at: datetime, starts_work: bool
    ) -> AlertRecord | None:
        """Count one report."""
        if delivery_id in self.deliveries:
            return None
        self.deliveries.add(delivery_id)
        record = absorb(self.records.get(alert.subject), alert, at=at, starts_work=starts_work)
        self.records[alert.subject] = record
        return record

    def get(self, subject: str) -> AlertRecord | None:
        """What is known of an issue."""
        return self.records.get(subject)

    def set_status(self, subject: str, status: IssueStatus) -> bool:
        """What became of the issue."""
        return self._change(subject, status=status)

    def set_ticket(self, subject: str, ticket_key: str) -> str:
        """The first one stays."""
        known = self.records[subject].ticket_key
        if known is None:
            self._change(subject, ticket_key=ticket_key)
        return known or ticket_key

    def filed(self, subject: str, *, episode: int, task_id: str) -> None:
        """This episode has its task."""
        if self.records[subject].episode == episode:
            self._change(subject, state=AlertState.FILED, task_id=task_id)

    def _change(self, subject: str, **changes: object) -> bool:
        record = self.records.get(subject)
        if record is None:
            return False
        self.records[subject] = record.model_copy(update={**changes, "version": record.version + 1})
        return True
