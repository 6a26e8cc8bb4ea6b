"""Tells people of an alarm once, keeps one message for one that comes and goes, and says when it is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from slipway.domain.alarm import AlarmChange, AlarmRecord, AlarmState
from slipway.ports.alarms import AlarmChannel, AlarmLog, AlarmNotice
from slipway.ports.chat import MessageRef

FLAPPING = timedelta(minutes=30)
"""An alarm that comes back this soon is the same trouble: its message is reopened."""


def tell_alarm(change: AlarmChange, *, log: AlarmLog, channel: AlarmChannel) -> bool:
    """Whether people were told anything; a copy, or a message that a newer one overtook, tells nothing.

    The record is written after people were told: a call that dies between repeats itself rather than be lost.
    """
    record = log.get(change.name)
    if record is not None and change.at <= record.changed_at:
        return False
    match change.state:
        case AlarmState.ALARM:
            told = _raised(change, record, channel)
        case AlarmState.OK:
            told = _resolved(change, record, channel)
        case AlarmState.INSUFFICIENT_DATA:
            told = None
    return told is not None and log.put(told)


def _raised(change: AlarmChange, record: AlarmRecord | None, channel: AlarmChannel) -> AlarmRecord | None:
    if record is not None and record.is_open:
        return None
    if record is not None and change.at - record.changed_at <= FLAPPING:
        message = MessageRef(channel=record.channel, ts=record.ts)
        times = record.times + 1
        channel.replace(message, AlarmNotice(change=change, since=change.at, times=times))
        channel.reply(message, f"It is back, for the {_ordinal(times)} time.")
    else:
        times = 1
        message = channel.post(AlarmNotice(change=change, since=change.at, times=times))
    return AlarmRecord(
        name=change.name,
        is_open=True,
        since=change.at,
        changed_at=change.at,
        times=times,
        channel=message.channel,
        ts=message.ts,
    )


def _resolved(change: AlarmChange, record: AlarmRecord | None, channel: AlarmChannel) -> AlarmRecord | None:
    """A new alarm that finds everything in order is no news."""
    if record is None or not record.is_open:
        return None
    message = MessageRef(channel=record.channel, ts=record.ts)
    notice = AlarmNotice(change=change, since=record.since, times=record.times, resolved_at=change.at)
    channel.replace(message, notice)
    channel.reply(message, f"Resolved after {lasted(record.since, change.at)}.")
    return record.model_copy(update={"is_open": False, "changed_at": change.at})


def lasted(since: datetime, until: datetime) -> str:
    """A duration as people say it: `45 s`, `12 min`, `3 h 5 min`."""
    seconds = int((until - since).total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _ordinal(number: int) -> str:
    if 10 <= number % 100 <= 20:
        return f"{number}th"
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"
