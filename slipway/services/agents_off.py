"""Whether a person keeps agents off a task's pull requests."""

from __future__ import annotations

from slipway.domain.errors import NeedsHuman
from slipway.domain.task import Task
from slipway.ports.platform import Platform


def agents_kept_off(task: Task, platform: Platform) -> str:
    """Who keeps them off which pull request, in a sentence; empty when nobody does."""
    for one in task.pull_requests:
        if actor := platform.tasks.agents_off(one.repository, one.number):
            return f"{actor} keeps agents off {one.repository}#{one.number}; say `on` there to let them on"
    return ""


def check_agents_on(task: Task, platform: Platform) -> None:
    """Raise NeedsHuman before anything is spent on a pull request that agents are kept off."""
    if why := agents_kept_off(task, platform):
        raise NeedsHuman(why)
