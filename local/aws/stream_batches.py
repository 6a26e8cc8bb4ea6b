"""Delivers a batch of stream records to a function: retries, bisection, partial success, giving up."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

# A stream record and a function's answer are JSON documents.
Record = dict[str, Any]
GivenUp = Literal["MaxRecordAgeExceeded", "RetryAttemptsExhausted"]


@dataclass(frozen=True)
class Delivery:
    """What a function made of some records; `error` is its whole result when it failed."""

    answer: object = None
    error: Record | None = None


@dataclass(frozen=True)
class Policy:
    """How an event source mapping treats failures."""

    maximum_retries: float = math.inf
    maximum_age_seconds: float = math.inf
    bisects: bool = False
    reports_item_failures: bool = False
    backoff_seconds: float = 1.0


@dataclass(frozen=True)
class Piece:
    """Records that are tried together, and how often they failed."""

    records: Sequence[Record]
    failures: int = 0


class Interrupted(Exception):
    """The delivery was left before its end; its records are delivered again later."""


def deliver(
    records: Sequence[Record],
    *,
    policy: Policy,
    invoke: Callable[[Sequence[Record]], Delivery],
    give_up: Callable[[Sequence[Record], Delivery, GivenUp], object],
    pause: Callable[[float], bool],
    now: Callable[[], float],
) -> None:
    """Deliver every record in order or give it up; `pause` returns False to leave."""
    pending = [Piece(records)]
    while pending:
        piece = pending.pop(0)
        delivery = invoke(piece.records)
        first = first_failure(piece.records, delivery, reports=policy.reports_item_failures)
        if first is None:
            continue
        remaining = piece.records[first:]
        # Progress inside a batch is a new start for what remains.
        failures = 1 if first else piece.failures + 1
        if now() - arrival(remaining[0]) > policy.maximum_age_seconds:
            give_up(remaining, delivery, "MaxRecordAgeExceeded")
        elif policy.bisects and len(remaining) > 1:
            middle = len(remaining) // 2
            pending[0:0] = [
                Piece(remaining[:middle], piece.failures),
                Piece(remaining[middle:], piece.failures),
            ]
        elif failures > policy.maximum_retries:
            give_up(remaining, delivery, "RetryAttemptsExhausted")
        else:
            pending.insert(0, Piece(remaining, failures))
            if not pause(policy.backoff_seconds):
                raise Interrupted


def first_failure(records: Sequence[Record], delivery: Delivery, *, reports: bool) -> int | None:
    """The index of the first record that was not processed; None when all were."""
    if delivery.error is not None:
        return 0
    if not reports or not isinstance(delivery.answer, dict):
        return None
    failed = {str(item.get("itemIdentifier")) for item in delivery.answer.get("batchItemFailures") or []}
    if not failed:
        return None
    for index, record in enumerate(records):
        if sequence_number(record) in failed:
            return index
    # An identifier that is not in the batch makes the whole batch a failure.
    return 0


def sequence_number(record: Record) -> str:
    """The number that identifies a record in its stream."""
    return str((record.get("dynamodb") or {}).get("SequenceNumber", ""))


def arrival(record: Record) -> float:
    """When a record was written, in seconds since the epoch."""
    return float((record.get("dynamodb") or {}).get("ApproximateCreationDateTime", math.inf))
