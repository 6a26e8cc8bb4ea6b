"""Repairs what stopped moving: lost stream records, lost webhooks, crashed executions, leaked slots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial

from slipway.domain.errors import NotFound, SlipwayError
from slipway.domain.event import EventKind
from slipway.domain.metrics import Metric
from slipway.domain.task import Task, TaskState
from slipway.ports.platform import Platform
from slipway.services.await_ci import evaluate_ci
from slipway.services.dispatch_tasks import dispatch_tasks, start_workflow
from slipway.services.end_task import end_task
from slipway.services.go_ahead import go_ahead
from slipway.services.queue_place import Queue, read_queue
from slipway.services.task_thread import task_thread
from slipway.services.tell_places import tell_place
from slipway.services.telling import telling

_SETTLE = timedelta(seconds=30)


def reconcile(platform: Platform) -> dict[str, int]:
    """How often each repair was needed; one task's trouble does not keep the others from theirs."""
    done: Counter[str] = Counter()
    for state, check in CHECKS.items():
        for task in platform.tasks.in_state(state):
            done[_guarded(partial(check, task, platform))] += 1
    done["slots"] += _free_slots(platform)
    done["started"] += len(dispatch_tasks(platform))
    done["told"] += _tell_queue(platform)
    return {name: count for name, count in done.items() if count and name}


def _guarded(repair: Callable[[], str]) -> str:
    try:
        return repair()
    except SlipwayError as error:
        return f"failed: {type(error).__name__}"


def _starting(task: Task, platform: Platform) -> str:
    """Claimed, but its workflow was never started: start it."""
    if platform.workflow.status(task.id) != "missing":
        return _working(task, platform)
    if not _is_settled(task, platform):
        return ""
    start_workflow(task, platform)
    return _repaired(task, "its workflow had not started", platform)


def _working(task: Task, platform: Platform) -> str:
    """Its workflow retries what fails and notices silent agents; when it is gone, end the task."""
    status = platform.workflow.status(task.id)
    if status == "running" or not _is_settled(task, platform):
        return ""
    error, cause = ("", "") if status == "missing" else platform.workflow.cause(task.id)
    end_task(
        task.id,
        error=error or "WorkflowLost",
        cause=cause
        or f"its workflow ended ({error or status}) while the task was {task.state}; retry the task",
        platform=platform,
    )
    return _repaired(task, f"its workflow was {status}", platform)


def _awaiting_ci(task: Task, platform: Platform) -> str:
    """A lost webhook: read the checks."""
    if platform.workflow.status(task.id) != "running":
        return _working(task, platform)
    return "ci" if evaluate_ci(task.id, platform) else ""


def _awaiting_approval(task: Task, platform: Platform) -> str:
    """A decision that was not told, or nobody who decides: tell it, remind them."""
    if platform.workflow.status(task.id) != "running":
        return _working(task, platform)
    return _approval(task, platform)


def _is_settled(task: Task, platform: Platform) -> bool:
    return platform.clock() - task.updated_at >= _SETTLE


def _approval(task: Task, platform: Platform) -> str:
    request = platform.approvals.get(task.id)
    if request is None:
        return ""
    if request.decision is not None:
        told = go_ahead(request, platform) == "told"
        return _repaired(task, "its decision was told to its workflow", platform) if told else ""
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


def _tell_queue(platform: Platform) -> int:
    """A queued task was started above or is told where it stands."""
    settled = [one for one in platform.tasks.in_state(TaskState.QUEUED) if _is_settled(one, platform)]
    if not settled:
        return 0
    queue = read_queue(platform)
    return sum(_guarded(partial(_told, task, queue, platform)) == "told" for task in settled)


def _told(task: Task, queue: Queue, platform: Platform) -> str:
    return "told" if tell_place(task, queue, platform) else ""


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


CHECKS: Mapping[TaskState, Callable[[Task, Platform], str]] = {
    TaskState.STARTING: _starting,
    TaskState.DISCOVERING: _working,
    TaskState.PLANNING: _working,
    TaskState.AWAITING_APPROVAL: _awaiting_approval,
    TaskState.EXECUTING: _working,
    TaskState.CHECKING_DELIVERY: _working,
    TaskState.AWAITING_CI: _awaiting_ci,
    TaskState.FIXING_CI: _working,
    TaskState.FINISHING: _working,
}
"""Every state that can stop moving, with the check that repairs it; the queue is dispatched as a whole."""
