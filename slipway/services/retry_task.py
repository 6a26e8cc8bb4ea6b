"""Tries an ended task's ticket again, as a new task."""

from __future__ import annotations

from slipway.domain.event import EventKind, new_event
from slipway.domain.task import InvalidTransition, Task, TaskState
from slipway.domain.task import task_id as new_task_id
from slipway.ports.platform import Platform
from slipway.ports.tasks import Acceptance


def retry_task(task_id: str, *, actor: str, platform: Platform) -> Acceptance:
    """One new task per ended one, however often this is asked."""
    old = platform.tasks.get(task_id)
    if not old.state.is_terminal:
        raise InvalidTransition(f"task {task_id} is still {old.state}; stop it before you retry it")
    delivery_id = f"retry:{task_id}"
    now = platform.clock()
    task = Task(
        id=new_task_id(old.ticket_key, delivery_id),
        state=TaskState.QUEUED,
        source=old.source,
        subject=old.subject,
        aliases=old.aliases,
        ticket_key=old.ticket_key,
        ticket_url=old.ticket_url,
        title=old.title,
        priority=old.priority,
        requested_by=actor,
        repositories=old.repositories,
        status_comment_id=old.status_comment_id,
        slack_channel=old.slack_channel,
        slack_thread=old.slack_thread,
        created_at=now,
        updated_at=now,
    )
    event = new_event(
        task.id,
        EventKind.TASK_ACCEPTED,
        f"{actor} asked to try {task_id} again",
        at=now,
        actor=actor,
        detail={"retry_of": task_id},
    )
    return platform.tasks.accept(task, delivery_id=delivery_id, event=event)
