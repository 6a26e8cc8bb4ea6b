"""Figures about many records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from loglens.records import Record

DEFAULT_TOP = 5


@dataclass(frozen=True)
class Summary:
    requests: int
    error_rate: float
    bytes_sent: int
    slowest_millis: int
    top_pages: list[tuple[str, int]]


def summarize(records: Sequence[Record], *, top: int = DEFAULT_TOP) -> Summary:
    """Everything that the report shows."""
    return Summary(
        requests=len(records),
        error_rate=error_rate(records),
        bytes_sent=sum(record.size for record in records),
        slowest_millis=max((record.millis for record in records), default=0),
        top_pages=Counter(record.page for record in records).most_common(top),
    )


def error_rate(records: Sequence[Record]) -> float:
    """The share of requests that the server failed to answer, in percent."""
    failures = sum(1 for record in records if record.failed)
    return 100 * failures / len(records)


def percentile(values: Sequence[int], percent: float) -> int:
    """The value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    position = round(percent / 100 * (len(ordered) - 1))
    return ordered[position]


def by_status(records: Sequence[Record]) -> dict[int, list[Record]]:
    """Records grouped by the hundreds of their status: 2 for 200 to 299 and so on."""
    groups: dict[int, list[Record]] = {}
    for record in records:
        groups.setdefault(record.status // 100, []).append(record)
    return dict(sorted(groups.items()))


def busiest_hour(records: Sequence[Record]) -> int | None:
    """The hour of the day with most requests; the earlier one when two have as many."""
    hours = Counter(record.time.hour for record in records)
    return min(hours, key=lambda hour: (-hours[hour], hour), default=None)
