"""Keeps agents off a task's pull requests at a person's word, and lets them on again."""

from __future__ import annotations

from slipway.domain.event import EventKind
from slipway.domain.task import InvalidTransition, Task
from slipway.ports.platform import Platform
from slipway.services.await_ci import evaluate_ci


def switch_agents(task: Task, *, actor: str, off: bool, platform: Platform) -> str:
    """The answer. While off no plan is approved and no failed check repaired; `on` looks at CI at once."""
    if task.state.is_terminal:
        raise InvalidTransition(f"{task.ticket_key} ended as {task.state}; no agent works on it any more")
    if not task.pull_requests:
        raise InvalidTransition(f"{task.ticket_key} has no pull request yet; `stop` ends the task instead")
    names = ", ".join(f"{one.repository}#{one.number}" for one in task.pull_requests)
    for one in task.pull_requests:
        platform.tasks.switch_agents(one.repository, one.number, off_by=actor if off else None)
    platform.event_log.append(
        task.id,
        EventKind.AGENTS_SWITCHED,
        f"{actor} {'keeps agents off' if off else 'lets agents on'} {names}",
        actor=actor,
        detail={"off": off},
    )
    if not off:
        evaluate_ci(task.id, platform)
        return f"agents work on {names} again"
    return f"no agent begins anything more on {names}; `on` lets them on again, `stop` ends what runs now"
