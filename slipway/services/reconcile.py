"""Repairs what stopped moving: lost stream records, lost webhooks, crashed executions, leaked slots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from slipway.domain.errors import NotFound, SlipwayError
from slipway.domain.event import EventKind
from slipway.domain.metrics import Metric
from slipway.domain.task import TERMINAL, Task, TaskState
from slipway.ports.platform import Platform
from slipway.services.await_ci import evaluate_ci
from slipway.services.complete_decision import complete_decision
from slipway.services.dispatch_tasks import dispatch_tasks, start_workflow
from slipway.services.end_task import end_task
from slipway.services.task_thread import task_thread
from slipway.services.telling import telling

_SETTLE = timedelta(seconds=30)


def reconcile(platform: Platform) -> dict[str, int]:
    """How often each repair was needed; one task's trouble does not keep the others from theirs."""
    done: Counter[str] = Counter()
    for state in TaskState:
        if state in TERMINAL or state is TaskState.QUEUED:
            continue
        for task in platform.tasks.in_state(state):
            done[_guarded(partial(_repair, task, platform))] += 1
    done["slots"] += _free_slots(platform)
    done["started"] += len(dispatch_tasks(platform))
    return {name: count for name, count in done.items() if count and name}


def _guarded(repair: Callable[[], str]) -> str:
    try:
        return repair()
    except SlipwayError as error:
        return f"failed: {type(error).__name__}"


def _repair(task: Task, platform: Platform) -> str:
    status = platform.workflow.status(task.id)
    if status == "running":
        return _nudge(task, platform)
    if platform.clock() - task.updated_at < _SETTLE:
        return ""
    if status == "missing" and task.state is TaskState.STARTING:
        start_workflow(task, platform)
        return _repaired(task, "its workflow had not started", platform)
    error, cause = ("", "") if status == "missing" else platform.workflow.cause(task.id)
    end_task(
        task.id,
        error=error or "WorkflowLost",
        cause=cause
        or f"its workflow ended ({error or status}) while the task was {task.state}; retry the task",
        platform=platform,
    )
    return _repaired(task, f"its workflow was {status}", platform)


def _nudge(task: Task, platform: Platform) -> str:
    if task.state is TaskState.AWAITING_CI:
        return "ci" if evaluate_ci(task.id, platform) else ""
    if task.state is TaskState.AWAITING_APPROVAL:
        return _approval(task, platform)
    return ""


def _approval(task: Task, platform: Platform) -> str:
    request = platform.approvals.get(task.id)
    if request is None:
        return ""
    if request.decision is not None:
        told = complete_decision(request, platform)
        return _repaired(task, "its decision was told again", platform) if told else ""
    half = request.requested_at + (request.expires_at - request.requested_at) / 2
    if platform.clock() < half or not platform.approvals.mark_reminded(task.id):
        return ""
    with telling(platform, task.id, where="Slack"):
        platform.chat.say(
            f"The plan of {task.ticket_key} still waits; it expires {request.expires_at:%Y-%m-%d %H:%M} UTC.",
            thread=task_thread(task),
        )
    platform.event_log.append(task.id, EventKind.APPROVAL_REMINDED, "reminded people of the open plan")
    return "reminded"


def _repaired(task: Task, what: str, platform: Platform) -> str:
    platform.metrics.count(Metric.TASKS_REPAIRED)
    platform.event_log.append(task.id, EventKind.TASK_REPAIRED, what)
    return "repaired"


def _free_slots(platform: Platform) -> int:
    freed = 0
    for task_id in platform.tasks.running():
        try:
            task = platform.tasks.get(task_id)
        except NotFound:
            task = None
        if task is None or task.state.is_terminal or task.state is TaskState.QUEUED:
            platform.tasks.free_slot(task_id)
            freed += 1
    return freed
