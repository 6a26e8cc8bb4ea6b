"""Moves a task to the state of the step it is in, once, and tells its people."""

from __future__ import annotations

from slipway.domain.event import EventKind
from slipway.domain.task import Task, TaskPatch, TaskState
from slipway.ports.platform import Platform
from slipway.services.write_status import write_status


def enter_state(
    task_id: str, state: TaskState, platform: Platform, *, patch: TaskPatch | None = None
) -> Task:
    """Raises InvalidTransition when the task has ended, which ends the step that asked."""
    before = platform.tasks.get(task_id)
    task = platform.tasks.move(task_id, state, patch=patch)
    if before.state is not state:
        platform.event_log.append(
            task_id,
            EventKind.STATE_CHANGED,
            f"{before.state} → {state}",
            detail={"from": str(before.state), "to": str(state)},
        )
        write_status(task, platform)
    return task
