"""Starts the workflow of queued tasks: priority first, then age, within the caps."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from slipway.domain.errors import NotFound, SlipwayError
from slipway.domain.event import EventKind
from slipway.domain.queue import in_order
from slipway.domain.task import Task, TaskPatch, TaskState
from slipway.ports.platform import Platform


def dispatch_tasks(platform: Platform, *, seen: Iterable[str] = ()) -> list[str]:
    """Ids of the tasks started, none while draining. `seen`: just written, perhaps not yet in the index."""
    if platform.tasks.controls().draining:
        return []
    started: list[str] = []
    busy = _per_repository(platform)
    for task in _queue(platform, seen):
        if any(busy[name] >= platform.limits.max_running_per_repository for name in task.repositories):
            continue
        if not platform.tasks.claim(task.id, slots=platform.limits.max_running_tasks):
            if len(platform.tasks.running()) >= platform.limits.max_running_tasks:
                break
            continue
        start_workflow(task, platform)
        busy.update(task.repositories)
        started.append(task.id)
    return started


def start_workflow(task: Task, platform: Platform) -> None:
    """For a claimed task; gives the claim back when the workflow cannot be started."""
    order = {"task_id": task.id, "approval_seconds": platform.limits.approval_seconds}
    try:
        execution = platform.workflow.start(task.id, input_json=json.dumps(order))
    except SlipwayError:
        platform.tasks.unclaim(task.id)
        raise
    platform.tasks.patch(task.id, TaskPatch(execution_arn=execution))
    platform.event_log.append(
        task.id, EventKind.TASK_STARTED, "its workflow started", detail={"execution": execution}
    )


def _queue(platform: Platform, seen: Iterable[str]) -> list[Task]:
    queue = {task.id: task for task in platform.tasks.in_state(TaskState.QUEUED)}
    for task_id in seen:
        task = _read(task_id, platform)
        if task is not None and task.state is TaskState.QUEUED:
            queue[task_id] = task
    return in_order(queue.values())


def _per_repository(platform: Platform) -> Counter[str]:
    busy: Counter[str] = Counter()
    for task_id in platform.tasks.running():
        if (task := _read(task_id, platform)) is not None:
            busy.update(task.repositories)
    return busy


def _read(task_id: str, platform: Platform) -> Task | None:
    try:
        return platform.tasks.get(task_id)
    except NotFound:
        return None
