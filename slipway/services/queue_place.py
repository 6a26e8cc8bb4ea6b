"""A queued task's place, as its requester is told it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slipway.domain.errors import NotFound
from slipway.domain.queue import QueuePlace, in_order, starts_in, typical_time
from slipway.domain.task import Task, TaskState
from slipway.ports.platform import Platform


@dataclass(frozen=True, kw_only=True)
class Queue:
    """The queue as it was read once, so that many places can be asked of it."""

    order: tuple[str, ...]
    running: Sequence[Task]
    finished: Sequence[Task]
    held: str

    def place(self, task_id: str, platform: Platform) -> QueuePlace | None:
        """None for a task that no longer waits."""
        if task_id not in self.order:
            return None
        position = self.order.index(task_id) + 1
        typical = typical_time(self.finished)
        return QueuePlace(
            position=position,
            length=len(self.order),
            held=self.held,
            starts_in=None
            if typical is None
            else starts_in(
                position,
                running=self.running,
                slots=platform.limits.max_running_tasks,
                typical=typical,
                now=platform.clock(),
            ),
        )


def read_queue(platform: Platform) -> Queue:
    """As it is now; finished tasks teach how long one takes."""
    controls = platform.tasks.controls()
    return Queue(
        order=tuple(task.id for task in in_order(platform.tasks.in_state(TaskState.QUEUED))),
        running=[task for task_id in platform.tasks.running() if (task := _read(task_id, platform))],
        finished=platform.tasks.in_state(TaskState.DONE),
        held=str(controls) if controls.draining else "",
    )


def queue_place(task: Task, platform: Platform) -> QueuePlace | None:
    """The place of one task; None when it does not wait."""
    if task.state is not TaskState.QUEUED:
        return None
    return read_queue(platform).place(task.id, platform)


def _read(task_id: str, platform: Platform) -> Task | None:
    try:
        return platform.tasks.get(task_id)
    except NotFound:
        return None
