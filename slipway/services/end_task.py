"""The single writer of a task's end: by error name, once, and told everywhere."""

from __future__ import annotations

import json

from slipway.domain.errors import ApprovalExpired, ApprovalRejected, NeedsHuman, Stopped
from slipway.domain.event import EventKind
from slipway.domain.intake.commands import marker
from slipway.domain.metrics import Metric
from slipway.domain.task import Task, TaskState
from slipway.ports.chat import MessageRef
from slipway.ports.platform import Platform
from slipway.services.task_thread import task_thread
from slipway.services.telling import telling
from slipway.services.write_status import write_status

_STATES = {
    NeedsHuman.__name__: TaskState.ESCALATED,
    ApprovalRejected.__name__: TaskState.REJECTED,
    ApprovalExpired.__name__: TaskState.EXPIRED,
    Stopped.__name__: TaskState.STOPPED,
}
_KNOWN_REASONS = {
    ApprovalExpired.__name__: "nobody decided on the plan in time",
    "States.HeartbeatTimeout": "the agent stopped reporting and could not be restarted",
    "States.Timeout": "a step took longer than it may",
}
_REASON_LIMIT = 2_000


def end_task(task_id: str, *, error: str, cause: str, platform: Platform) -> TaskState:
    """End by what a step failed with; the state that it ended in, now or before."""
    state = _STATES.get(error, TaskState.FAILED)
    close_task(task_id, state, reason_of(error, cause), platform)
    return platform.tasks.get(task_id).state


def close_task(task_id: str, state: TaskState, reason: str, platform: Platform) -> bool:
    """True for the one caller that ended it."""
    if not platform.tasks.end(task_id, state, reason=reason):
        return False
    task = platform.tasks.get(task_id)
    platform.event_log.append(
        task_id,
        EventKind.TASK_ENDED,
        f"ended as {state}: {reason}",
        detail={"state": str(state), "cost_usd": task.cost_usd},
    )
    platform.metrics.count(Metric.TASKS_ENDED)
    platform.metrics.count(Metric.TASK_SECONDS, (task.updated_at - task.created_at).total_seconds())
    write_status(task, platform)
    _tell_chat(task, platform)
    _tell_pull_requests(task, platform)
    _move_ticket(task, platform)
    return True


def reason_of(error: str, cause: str) -> str:
    """The person's sentence in a failure: Lambda wraps it in JSON, task tokens give it plainly."""
    message = cause
    try:
        wrapped = json.loads(cause)
    except ValueError:
        wrapped = None
    if isinstance(wrapped, dict):
        message = str(wrapped.get("errorMessage") or wrapped.get("message") or "")
    if error in _KNOWN_REASONS and (not message or error.startswith("States.")):
        message = _KNOWN_REASONS[error]
    return (message or f"{error or 'an unknown error'} without a message")[:_REASON_LIMIT]


def _tell_chat(task: Task, platform: Platform) -> None:
    with telling(platform, task.id, where="Slack"):
        request = platform.approvals.get(task.id)
        if request and request.decision is None and request.slack_channel and request.slack_ts:
            platform.chat.close(
                MessageRef(channel=request.slack_channel, ts=request.slack_ts),
                f"{task.ticket_key}: ended as {task.state} before anybody decided",
            )
        links = " ".join(f"<{one.url}|{one.repository}#{one.number}>" for one in task.pull_requests)
        platform.chat.say(
            f"{task.ticket_key} ended as *{task.state}*: {task.reason} {links}".strip(),
            thread=task_thread(task),
        )


def _tell_pull_requests(task: Task, platform: Platform) -> None:
    if task.state is TaskState.DONE:
        return
    for one in task.pull_requests:
        with telling(platform, task.id, where=one.url):
            platform.forge.comment(
                one.repository,
                one.number,
                f"This task ended as **{task.state}**: {task.reason}",
                marker=f"{marker(task.id)}<!-- slipway:end -->",
            )


def _move_ticket(task: Task, platform: Platform) -> None:
    if task.state is not TaskState.ESCALATED:
        return
    with telling(platform, task.id, where="the board"):
        status = platform.secrets.jira().status_needs_human
        if status:
            platform.tracker.transition(task.ticket_key, status)
