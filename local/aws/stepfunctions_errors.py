"""Which errors of a workflow a Retry or a Catch matches, by the rules of the States language."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

EXECUTION_ENDED = "Slipway.ExecutionEnded"
"""Unwinds the thread of an execution that was stopped; never seen by a workflow."""

ONLY_BY_NAME = frozenset({"States.DataLimitExceeded", "States.Runtime"})
"""States.ALL and States.TaskFailed do not catch these."""

PAYLOAD_LIMIT_BYTES = 262_144


def matches(error_equals: Sequence[str], error: str) -> bool:
    """Whether a retrier or catcher with these names takes this error."""
    if error == EXECUTION_ENDED:
        return False
    if error in error_equals:
        return True
    if error in ONLY_BY_NAME:
        return False
    if "States.Timeout" in error_equals and error == "States.HeartbeatTimeout":
        return True
    return "States.ALL" in error_equals or ("States.TaskFailed" in error_equals and error != "States.Timeout")


def retry_delay(retrier: Mapping[str, object], *, earlier_retries: int) -> float:
    """How long to wait before the next attempt."""
    interval = float(str(retrier.get("IntervalSeconds", 1)))
    backoff = float(str(retrier.get("BackoffRate", 2.0)))
    delay = interval * backoff**earlier_retries
    if "MaxDelaySeconds" in retrier:
        delay = min(delay, float(str(retrier["MaxDelaySeconds"])))
    return random.uniform(0, delay) if retrier.get("JitterStrategy") == "FULL" else delay
