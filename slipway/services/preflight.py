"""Checks that a task may begin before anything is spent: connections, budget, and that it is still wanted."""

from __future__ import annotations

from slipway.domain import artifact_keys
from slipway.domain.errors import BudgetExceeded, NeedsHuman, NotFound, Stopped
from slipway.domain.task import Task, TaskPatch
from slipway.domain.ticket import Ticket
from slipway.ports.platform import Platform
from slipway.services.task_thread import task_thread
from slipway.services.telling import telling
from slipway.services.write_status import write_status


def preflight(task_id: str, platform: Platform) -> None:
    """Stores the ticket as it is now: this text is what all agents work from."""
    task = platform.tasks.get(task_id)
    if task.state.is_terminal:
        raise Stopped(f"task {task_id} had ended as {task.state} before its workflow began")
    platform.secrets.github()
    connection = platform.secrets.jira()
    platform.secrets.slack()
    check_budget(task, platform)
    ticket = _ticket(task, platform)
    platform.artifacts.put(artifact_keys.ticket(task_id), ticket.model_dump_json().encode())
    task = platform.tasks.patch(task_id, TaskPatch(title=ticket.summary, ticket_url=ticket.url))
    write_status(task, platform)
    _open_thread(task, platform)
    if connection.status_working:
        with telling(platform, task_id, where="the board"):
            platform.tracker.transition(task.ticket_key, connection.status_working)


def check_budget(task: Task, platform: Platform) -> None:
    """Nothing more is spent once the task's budget is used up."""
    if task.cost_usd >= platform.limits.task_budget_usd:
        raise BudgetExceeded(
            f"task {task.id} has spent ${task.cost_usd:.2f} of ${platform.limits.task_budget_usd:.2f}; "
            "raise SLIPWAY_TASK_BUDGET_USD and retry it"
        )


def _ticket(task: Task, platform: Platform) -> Ticket:
    try:
        ticket = platform.tracker.ticket(task.ticket_key)
    except NotFound as error:
        raise Stopped(f"ticket {task.ticket_key} no longer exists or cannot be read") from error
    if platform.limits.ai_label not in ticket.labels:
        raise Stopped(f"the label {platform.limits.ai_label} was removed from {task.ticket_key}")
    if not ticket.summary.strip():
        raise NeedsHuman(f"ticket {task.ticket_key} has no summary; say what is wanted and retry")
    return ticket


def _open_thread(task: Task, platform: Platform) -> None:
    if task.slack_thread is not None:
        if task.told_place is not None:
            with telling(platform, task.id, where="Slack"):
                platform.chat.say(f"{task.ticket_key} left the queue", thread=task_thread(task))
        return
    with telling(platform, task.id, where="Slack"):
        link = f"<{task.ticket_url}|{task.ticket_key}>" if task.ticket_url else task.ticket_key
        message = platform.chat.say(f"Working on {link}: {task.title}")
        platform.tasks.patch(task.id, TaskPatch(slack_channel=message.channel, slack_thread=message.ts))
