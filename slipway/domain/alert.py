"""What an error tracker reports, and what is remembered of it: one record for each of its issues."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, Field

from slipway.domain.ticket import Priority

SUMMARY_LIMIT = 250


class AlertKind(StrEnum):
    """What Sentry calls its resources."""

    EVENT_ALERT = "event_alert"
    METRIC_ALERT = "metric_alert"
    ISSUE = "issue"
    ERROR = "error"


class AlertState(StrEnum):
    """NOTED is only counted, WAITING gets a ticket and a task, FILED has them."""

    NOTED = "noted"
    WAITING = "waiting"
    FILED = "filed"


IssueStatus = Literal["unresolved", "resolved", "ignored"]


class Alert(BaseModel, frozen=True):
    """One report. `description` is Markdown for a ticket; all of its text is untrusted."""

    kind: AlertKind
    issue_id: str = Field(description="Sentry's id; of a metric, the id of its alert.")
    title: str
    culprit: str = ""
    project: str = ""
    level: str = "error"
    url: str = ""
    description: str = ""
    linked_ticket: str = Field(default="", description="A ticket that people linked in Sentry.")

    @property
    def subject(self) -> str:
        """What it is about: every report of one issue has the same."""
        kind = "metric-" if self.kind is AlertKind.METRIC_ALERT else ""
        return f"sentry:{kind}{self.issue_id}"

    @property
    def label(self) -> str:
        """The label that marks its ticket, so that a ticket is found again."""
        return self.subject.replace(":", "-")

    @property
    def summary(self) -> str:
        """One line for a ticket's summary."""
        return " ".join(self.title.split())[:SUMMARY_LIMIT]

    @property
    def priority(self) -> Priority:
        """From the level that the application gave it."""
        return {
            "fatal": Priority.CRITICAL,
            "error": Priority.HIGH,
            "warning": Priority.MEDIUM,
        }.get(self.level, Priority.LOW)


class AlertRecord(BaseModel, frozen=True):
    """What is known of one issue. Another `episode` begins when it comes back after it was resolved."""

    alert: Alert
    state: AlertState
    status: IssueStatus = "unresolved"
    episode: int = 1
    count: int = 1
    first_seen: datetime
    last_seen: datetime
    ticket_key: str | None = None
    task_id: str | None = None
    version: int = 1

    @property
    def subject(self) -> str:
        """The alert's."""
        return self.alert.subject

    @property
    def delivery_id(self) -> str:
        """Of the task that this episode starts: the same however often the alert is repeated."""
        return f"{self.subject}#{self.episode}"


def absorb(record: AlertRecord | None, alert: Alert, *, at: datetime, starts_work: bool) -> AlertRecord:
    """The record after one more report.

    An issue starts work once; again only when it was resolved in between, as a fix needs time to arrive.
    """
    if record is None:
        state = AlertState.WAITING if starts_work else AlertState.NOTED
        return AlertRecord(alert=alert, state=state, first_seen=at, last_seen=at)
    is_back = record.status == "resolved"
    begins = starts_work and (record.state is AlertState.NOTED or is_back)
    return record.model_copy(
        update={
            # What started the work keeps its words; a note is replaced by what says more.
            "alert": alert if starts_work or record.state is AlertState.NOTED else record.alert,
            "state": AlertState.WAITING if begins else record.state,
            "status": "unresolved" if is_back else record.status,
            "episode": record.episode + 1 if begins and is_back else record.episode,
            "count": record.count + 1,
            "last_seen": max(record.last_seen, at),
            "version": record.version + 1,
        }
    )
