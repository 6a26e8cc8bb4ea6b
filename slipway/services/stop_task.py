"""Stops a task at a person's word: the workflow first, so that nothing goes on behind the task's end."""

from __future__ import annotations

from slipway.domain.errors import SlipwayError, Stopped
from slipway.domain.event import EventKind
from slipway.domain.task import TaskState, check_transition
from slipway.ports.platform import Platform
from slipway.services.end_task import end_task


def stop_task(task_id: str, *, actor: str, reason: str, platform: Platform) -> TaskState:
    """Ends the task also when its workflow cannot be stopped: later steps find it ended and do nothing."""
    task = platform.tasks.get(task_id)
    check_transition(task_id, task.state, TaskState.STOPPED)
    why = f"stopped by {actor}{f': {reason}' if reason else ''}"
    platform.event_log.append(task_id, EventKind.STOP_REQUESTED, why, actor=actor)
    try:
        platform.workflow.stop(task_id, error=Stopped.__name__, cause=why)
    except SlipwayError as error:
        platform.event_log.append(
            task_id, EventKind.STOP_INCOMPLETE, f"its workflow could not be stopped: {error}"
        )
    return end_task(task_id, error=Stopped.__name__, cause=why, platform=platform)
