"""Where a task is talked about in chat: one thread, from its first word to its last."""

from __future__ import annotations

from slipway.domain.task import Task
from slipway.ports.chat import MessageRef


def task_thread(task: Task) -> MessageRef | None:
    """None while nothing was said about the task."""
    if not (task.slack_channel and task.slack_thread):
        return None
    return MessageRef(channel=task.slack_channel, ts=task.slack_thread)
