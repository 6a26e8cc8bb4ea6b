"""Sends a child process's lines to a CloudWatch log group, as the AgentCore runtime does."""

from __future__ import annotations

import time
from collections.abc import Callable

from local.aws.metrics import record_from_logs

KEPT_EVENTS = 5000
"""Events kept per stream: an agent that talks for days must not fill the memory."""


def line_sink(group: str, *, stream: str) -> Callable[[str], None]:
    """A function that appends one line to a stream, in the account and region of this request."""
    from ministack.core.responses import get_account_id, get_region, request_scope
    from ministack.services import cloudwatch_logs

    account, region = get_account_id(), get_region()

    def append(line: str) -> None:
        now = int(time.time() * 1000)
        event = {"timestamp": now, "message": line, "ingestionTime": now}
        with request_scope(account, region):
            target = _stream(cloudwatch_logs._log_groups, group, stream, now)
            cloudwatch_logs._append_log_events(target, [event])
            events = target["events"]
            if isinstance(events, list) and len(events) > KEPT_EVENTS:
                del events[: KEPT_EVENTS // 10]
            record_from_logs(group, [line])

    return append


def recent_lines(group: str, *, limit: int) -> list[str]:
    """The last lines of a group over all its streams, oldest first, in any account and region."""
    from ministack.services import cloudwatch_logs

    groups = [value for key, value in list(cloudwatch_logs._log_groups._data.items()) if key[-1] == group]
    events = [
        event for found in groups for stream in list(found["streams"].values()) for event in stream["events"]
    ]
    events.sort(key=lambda event: event["timestamp"])
    return [str(event["message"]) for event in events[-limit:]]


def _stream(groups: dict[str, dict[str, object]], group: str, stream: str, now: int) -> dict[str, object]:
    from ministack.services import cloudwatch_logs

    if group not in groups:
        groups[group] = {
            "arn": cloudwatch_logs._make_group_arn(group),
            "creationTime": now,
            "retentionInDays": None,
            "tags": {},
            "subscriptionFilters": {},
            "streams": {},
        }
    streams = groups[group]["streams"]
    if not isinstance(streams, dict):
        raise TypeError(f"log group {group} has no streams")
    empty: dict[str, object] = {
        "events": [],
        "uploadSequenceToken": "1",
        "creationTime": now,
        "firstEventTimestamp": None,
        "lastEventTimestamp": None,
        "lastIngestionTime": None,
    }
    found: dict[str, object] = streams.setdefault(stream, empty)
    return found
