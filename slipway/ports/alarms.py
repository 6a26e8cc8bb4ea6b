"""Who is told of alarms, and what they were told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from slipway.domain.alarm import AlarmChange, AlarmRecord
from slipway.ports.chat import MessageRef


@dataclass(frozen=True, kw_only=True)
class AlarmNotice:
    """An alarm as people see it. `resolved_at`: None while it lasts; `times`: how often it came lately."""

    change: AlarmChange
    since: datetime
    times: int
    resolved_at: datetime | None = None


class AlarmLog(Protocol):
    """One record for each alarm."""

    def get(self, name: str) -> AlarmRecord | None:
        """What people were told last."""
        ...

    def put(self, record: AlarmRecord) -> bool:
        """Remember what people were told; False when something newer is remembered already."""
        ...


class AlarmChannel(Protocol):
    """Raises Throttled or UpstreamUnavailable, or Permanent naming what the chat refused."""

    def post(self, notice: AlarmNotice) -> MessageRef:
        """Tell everybody."""
        ...

    def replace(self, message: MessageRef, notice: AlarmNotice) -> None:
        """Change what was told."""
        ...

    def reply(self, message: MessageRef, text: str) -> None:
        """Say more below it."""
        ...
