"""The append-only history of a task, and its running cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from pydantic import JsonValue

from slipway.domain.event import EventKind, TaskEvent


class EventLog(Protocol):
    """Rows sort by time within a task."""

    def append(
        self,
        task_id: str,
        kind: EventKind,
        message: str,
        *,
        actor: str = "platform",
        detail: Mapping[str, JsonValue] | None = None,
    ) -> TaskEvent:
        """Append one fact and return it."""
        ...

    def events(self, task_id: str) -> Sequence[TaskEvent]:
        """The whole history, oldest first."""
        ...

    def add_cost(self, task_id: str, usd: float) -> float:
        """Atomically add to the task's cost and return the new total in USD."""
        ...
