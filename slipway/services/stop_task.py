"""Stops a task at a person's word: the workflow first, so that nothing goes on behind the task's end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from slipway.domain.errors import SlipwayError, Stopped
from slipway.domain.event import EventKind
from slipway.domain.session import running_session
from slipway.domain.task import TaskState, check_transition
from slipway.ports.platform import Platform
from slipway.services.end_task import end_task


def stop_task(
    task_id: str, *, actor: str, reason: str, platform: Platform, ends_session: bool = False
) -> TaskState:
    """Ends the task also when its workflow cannot be stopped: later steps find it ended and do nothing.

    The agent learns it at its next heartbeat and leaves its record and cost. `ends_session` is for an agent
    that may be stuck: its session ends at once, with whatever it had not yet counted.
    """
    task = platform.tasks.get(task_id)
    check_transition(task_id, task.state, TaskState.STOPPED)
    why = f"stopped by {actor}{f': {reason}' if reason else ''}"
    platform.event_log.append(task_id, EventKind.STOP_REQUESTED, why, actor=actor)
    with _recorded(task_id, "its workflow", platform):
        platform.workflow.stop(task_id, error=Stopped.__name__, cause=why)
    if ends_session and (session := running_session(task)) is not None:
        with _recorded(task_id, f"the session of {session.agent}", platform):
            platform.runtimes.stop(session.agent, session_id=session.id)
    return end_task(task_id, error=Stopped.__name__, cause=why, platform=platform)


@contextmanager
def _recorded(task_id: str, what: str, platform: Platform) -> Iterator[None]:
    """What cannot be stopped is said in the task's history; it keeps nothing else from being stopped."""
    try:
        yield
    except SlipwayError as error:
        platform.event_log.append(task_id, EventKind.STOP_INCOMPLETE, f"{what} could not be stopped: {error}")
