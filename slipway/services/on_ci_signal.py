"""Wakes the tasks that a CI webhook may concern; what the webhook claims is not believed."""

from __future__ import annotations

from slipway.domain.intake.decisions import CiSignal
from slipway.domain.task import TaskState
from slipway.ports.platform import Platform
from slipway.services.await_ci import evaluate_ci


def on_ci_signal(signal: CiSignal, platform: Platform) -> list[str]:
    """Ids of the waiting tasks that watch this commit."""
    woken = [
        task_id for task_id in sorted(_candidates(signal, platform)) if _watches(task_id, signal, platform)
    ]
    for task_id in woken:
        evaluate_ci(task_id, platform)
    return woken


def _candidates(signal: CiSignal, platform: Platform) -> set[str]:
    named = {
        task_id
        for number in signal.pull_requests
        if (task_id := platform.tasks.for_pull_request(signal.repository, number)) is not None
    }
    # Commit statuses and checks of forks name no pull request.
    return named or {task.id for task in platform.tasks.in_state(TaskState.AWAITING_CI)}


def _watches(task_id: str, signal: CiSignal, platform: Platform) -> bool:
    wait = platform.ci_waits.get(task_id)
    return wait is not None and any(
        head.repository.lower() == signal.repository.lower() and head.head_sha == signal.head_sha
        for head in wait.heads
    )
