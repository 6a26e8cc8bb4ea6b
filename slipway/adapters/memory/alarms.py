"""Alarms without Slack and DynamoDB."""

from __future__ import annotations

from dataclasses import dataclass, field

from slipway.domain.alarm import AlarmRecord
from slipway.ports.alarms import AlarmNotice
from slipway.ports.chat import MessageRef


@dataclass(frozen=True)
class MemoryAlarmLog:
    """Keeps the newest record of each alarm."""

    records: dict[str, AlarmRecord] = field(default_factory=dict)

    def get(self, name: str) -> AlarmRecord | None:
        """What people were told last."""
        return self.records.get(name)

    def put(self, record: AlarmRecord) -> bool:
        """Remember it, unless something newer is remembered."""
        known = self.records.get(record.name)
        if known is not None and known.changed_at >= record.changed_at:
            return False
        self.records[record.name] = record
        return True


@dataclass(frozen=True)
class MemoryAlarmChannel:
    """`messages` are as they read now, `replies` what was said below each."""

    channel: str = "C0ALERTS"
    messages: dict[str, AlarmNotice] = field(default_factory=dict)
    replies: dict[str, list[str]] = field(default_factory=dict)

    def post(self, notice: AlarmNotice) -> MessageRef:
        """A new message."""
        ts = f"{len(self.messages) + 1}.0"
        self.messages[ts] = notice
        return MessageRef(channel=self.channel, ts=ts)

    def replace(self, message: MessageRef, notice: AlarmNotice) -> None:
        """The message reads otherwise now."""
        self.messages[message.ts] = notice

    def reply(self, message: MessageRef, text: str) -> None:
        """Below it."""
        self.replies.setdefault(message.ts, []).append(text)
