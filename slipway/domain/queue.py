"""Where a task stands in the queue and when it will probably start, from how long finished tasks took."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from slipway.domain.task import Task

_ENOUGH = 3


@dataclass(frozen=True, kw_only=True)
class QueuePlace:
    """`position` counts from one. Without `starts_in` too little is known to say when."""

    position: int
    length: int
    starts_in: timedelta | None = None
    held: str = ""

    def __str__(self) -> str:
        said = f"number {self.position} of {self.length} in the queue"
        if self.held:
            return f"{said}; nothing starts now ({self.held})"
        if self.starts_in is None:
            return said
        minutes = round(self.starts_in.total_seconds() / 60)
        return f"{said}; starts in about {minutes} min" if minutes else f"{said}; starts any moment"


def in_order(tasks: Iterable[Task]) -> list[Task]:
    """Higher priority first, then older first."""
    return sorted(tasks, key=lambda task: (task.priority.rank, task.created_at, task.id))


def typical_time(finished: Iterable[Task]) -> timedelta | None:
    """Half of the finished tasks took less, from leaving the queue to their end; None when there are few."""
    took = [
        (task.ended_at - (task.started_at or task.created_at)).total_seconds()
        for task in finished
        if task.ended_at is not None
    ]
    return timedelta(seconds=median(took)) if len(took) >= _ENOUGH else None


def starts_in(
    position: int, *, running: Sequence[Task], slots: int, typical: timedelta, now: datetime
) -> timedelta:
    """When the slot comes free that the task at `position` gets, if every task takes the typical time."""
    left = [max(typical - (now - (task.started_at or task.updated_at)), timedelta()) for task in running]
    free_after = sorted([*left, *[timedelta()] * (slots - len(left))])[-slots:]
    heapq.heapify(free_after)
    for _ in range(position - 1):
        heapq.heapreplace(free_after, free_after[0] + typical)
    return free_after[0]
