"""Tells the people of queued tasks where they stand: on the ticket whenever it changes, in Slack once."""

from __future__ import annotations

from slipway.domain.task import Task, TaskPatch
from slipway.ports.platform import Platform
from slipway.services.queue_place import Queue
from slipway.services.telling import telling
from slipway.services.write_status import write_status

TOLD_AT_ONCE = 20
"""The front of the queue is told each minute; who stands further back learns it as the queue moves."""


def tell_place(task: Task, queue: Queue, platform: Platform) -> bool:
    """True when something was told; nothing is repeated that people know already."""
    place = queue.place(task.id, platform)
    if place is None or place.position > TOLD_AT_ONCE:
        return False
    known = f"{place.position}{' held' if place.held else ''}"
    if task.told_place == known:
        return False
    is_first = task.told_place is None
    task = platform.tasks.patch(task.id, TaskPatch(told_place=known))
    write_status(task, platform, note=f"It is {place}.")
    if is_first:
        with telling(platform, task.id, where="Slack"):
            link = f"<{task.ticket_url}|{task.ticket_key}>" if task.ticket_url else task.ticket_key
            message = platform.chat.say(f"{link} is {place}: {task.title}")
            platform.tasks.patch(task.id, TaskPatch(slack_channel=message.channel, slack_thread=message.ts))
    return True
