"""Tells the sleeping workflow what was decided."""

from __future__ import annotations

import json

from slipway.domain.approval import ApprovalDecision, ApprovalRequest
from slipway.domain.errors import ApprovalRejected, RevisionAsked
from slipway.domain.event import EventKind
from slipway.domain.task import TaskPatch
from slipway.ports.platform import Platform
from slipway.ports.step_tokens import StepGone


def complete_decision(request: ApprovalRequest, platform: Platform) -> bool:
    """False when the workflow no longer waits: it was told before, has expired or was stopped."""
    decision = request.decision
    if decision is None:
        return False
    try:
        if decision.decision == "revise":
            _count_revision(request, decision, platform)
            platform.step_tokens.fail(
                request.task_token, error=RevisionAsked.__name__, cause=f"sent back by {decision.actor}"
            )
        elif decision.decision == "approve":
            answer = {"decision": "approve", "actor": decision.actor, "plan_hash": decision.plan_hash}
            platform.step_tokens.succeed(request.task_token, json.dumps(answer))
        else:
            platform.step_tokens.fail(
                request.task_token,
                error=ApprovalRejected.__name__,
                cause=f"rejected by {decision.actor}: {decision.reason or 'no reason given'}",
            )
    except StepGone:
        return False
    return True


def _count_revision(request: ApprovalRequest, decision: ApprovalDecision, platform: Platform) -> None:
    """Before the workflow is told, and once: by the number the next plan's run finds its instructions."""
    if platform.tasks.get(request.task_id).revision > request.revision:
        return
    platform.event_log.append(
        request.task_id,
        EventKind.REVISION_ASKED,
        f"{decision.actor} sent the plan back: {decision.reason}",
        actor=decision.actor,
        detail={"revision": request.revision + 1, "instruction": decision.reason},
    )
    platform.tasks.patch(request.task_id, TaskPatch(revision=request.revision + 1))
