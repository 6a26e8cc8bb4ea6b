"""Passes a decision on to the sleeping workflow; an approved task first takes places in its repositories."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from slipway.domain.approval import ApprovalRequest
from slipway.domain.event import EventKind
from slipway.ports.platform import Platform
from slipway.services.complete_decision import complete_decision

Passed = Literal["told", "gone", "held"]
_LATEST = timedelta(minutes=10)


def go_ahead(request: ApprovalRequest, platform: Platform) -> Passed:
    """`held` while its repositories are full: the reconciler asks again each minute; `gone`: nobody waits.

    Shortly before the workflow would stop waiting it goes on in any case: being over a cap fails no task.
    """
    if request.decision is None:
        return "gone"
    if request.decision.decision == "approve" and not _has_places(request, platform):
        if platform.clock() < request.expires_at - _LATEST:
            return "held"
        platform.event_log.append(
            request.task_id, EventKind.EXECUTION_HELD, "goes on over the cap: it could not wait any longer"
        )
    return "told" if complete_decision(request, platform) else "gone"


def full_repositories(task_id: str, platform: Platform) -> tuple[str, ...]:
    """Those of the task's repositories in which others have all places."""
    return tuple(
        name
        for name in platform.tasks.get(task_id).repositories
        if task_id not in (held := platform.tasks.holders(name))
        and len(held) >= platform.limits.max_running_per_repository
    )


def _has_places(request: ApprovalRequest, platform: Platform) -> bool:
    task = platform.tasks.get(request.task_id)
    return task.state.is_terminal or platform.tasks.take_places(
        task.id, task.repositories, places=platform.limits.max_running_per_repository
    )
