"""An alarm as CloudWatch tells of it, what is remembered of it, and which runbook it names."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

_RUNBOOK = re.compile(r"Runbook: docs/runbooks/(?P<name>[a-z0-9-]+)\.md")
_DATAPOINT = re.compile(r"\[(?P<value>[-+.\dE]+) \(")
_LIMITS = {
    "GreaterThanOrEqualToThreshold": "at least",
    "GreaterThanThreshold": "more than",
    "LessThanThreshold": "less than",
    "LessThanOrEqualToThreshold": "at most",
    "GreaterThanUpperThreshold": "more than",
    "LessThanLowerThreshold": "less than",
    "LessThanLowerOrGreaterThanUpperThreshold": "outside",
}


class AlarmState(StrEnum):
    """CloudWatch's words."""

    OK = "OK"
    ALARM = "ALARM"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


class Trigger(BaseModel):
    """What the alarm watches; an expression has no metric of its own."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    metric: str | None = Field(default=None, alias="MetricName")
    comparison: str = Field(default="", alias="ComparisonOperator")
    threshold: float | None = Field(default=None, alias="Threshold")


class AlarmChange(BaseModel):
    """One message of CloudWatch; what we do not need of it passes unread."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    name: str = Field(alias="AlarmName")
    description: str = Field(default="", alias="AlarmDescription")
    state: AlarmState = Field(alias="NewStateValue")
    reason: str = Field(default="", alias="NewStateReason")
    at: datetime = Field(alias="StateChangeTime")
    trigger: Trigger = Field(default_factory=Trigger, alias="Trigger")

    @property
    def runbook(self) -> str | None:
        """The name of the runbook, without folder and suffix."""
        found = _RUNBOOK.search(self.description)
        return found["name"] if found else None

    @property
    def meaning(self) -> str:
        """The description without its last sentence, which names the runbook."""
        return _RUNBOOK.sub("", self.description).strip(" .") + "."

    @property
    def value(self) -> str:
        """The newest datapoint that CloudWatch quotes; empty where it quotes none."""
        found = _DATAPOINT.search(self.reason)
        return f"{float(found['value']):g}" if found else ""

    @property
    def limit(self) -> str:
        """When it alarms, in words: `at least 1`; empty for a composite alarm."""
        if self.trigger.threshold is None:
            return ""
        return f"{_LIMITS.get(self.trigger.comparison, 'beyond')} {self.trigger.threshold:g}"


class AlarmRecord(BaseModel, frozen=True):
    """What people were told last of one alarm, and where."""

    name: str
    is_open: bool
    since: datetime
    changed_at: datetime
    times: int = 1
    channel: str
    ts: str


def described(says: str, *, runbook: str) -> str:
    """An alarm's description: what it means, and the runbook that says what to do."""
    return f"{says.rstrip('.')}. Runbook: docs/runbooks/{runbook}.md"
