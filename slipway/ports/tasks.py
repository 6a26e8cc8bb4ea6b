"""The tasks: accepted once, moved by conditional writes, ended by one writer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from slipway.domain.event import TaskEvent
from slipway.domain.task import Task, TaskPatch, TaskState
from slipway.ports.task_controls import TaskControls


@dataclass(frozen=True, kw_only=True)
class Acceptance:
    """What became of a delivery, and the task that stands for it."""

    task_id: str
    outcome: Literal["accepted", "duplicate_delivery", "already_open"]


class Tasks(TaskControls, Protocol):
    """Every write is one conditional write; a lost race shows in the answer, never as two tasks."""

    def accept(self, task: Task, *, delivery_id: str, event: TaskEvent) -> Acceptance:
        """In one transaction: remember the delivery, lock subjects, write the task and its first event."""
        ...

    def remember_delivery(self, source: str, delivery_id: str, *, task_id: str | None = None) -> bool:
        """True the first time; for deliveries that start no task. `task_id` is the one that it met."""
        ...

    def forget_delivery(self, source: str, delivery_id: str) -> None:
        """Its work failed: let the sender's retry do it again."""
        ...

    def get(self, task_id: str) -> Task:
        """The task; raises NotFound."""
        ...

    def in_state(self, state: TaskState) -> Sequence[Task]:
        """Higher priority first, then older first."""
        ...

    def open_for_subject(self, subject: str) -> str | None:
        """The id of the subject's open task, by any of its names."""
        ...

    def for_pull_request(self, repository: str, number: int) -> str | None:
        """The id of the task that opened this pull request."""
        ...

    def claim(self, task_id: str, *, slots: int) -> bool:
        """Move from queued to starting while fewer than `slots` tasks run; False when it cannot."""
        ...

    def unclaim(self, task_id: str) -> None:
        """Give the slot back and queue again: its workflow could not be started."""
        ...

    def move(self, task_id: str, target: TaskState, *, patch: TaskPatch | None = None) -> Task:
        """To another open state; raises InvalidTransition when the task has ended."""
        ...

    def patch(self, task_id: str, patch: TaskPatch) -> Task:
        """Change fields, not the state; allowed after the end too, for where its messages are."""
        ...

    def end(self, task_id: str, state: TaskState, *, reason: str) -> bool:
        """End it once: frees its slot, its places and its subjects. False when it had ended before."""
        ...

    def running(self) -> frozenset[str]:
        """Ids that hold a slot."""
        ...

    def free_slot(self, task_id: str) -> None:
        """Repair: take back the slot of a task that no longer runs."""
        ...
