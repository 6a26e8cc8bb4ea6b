"""Tells the sleeping workflow what was decided."""

from __future__ import annotations

import json

from slipway.domain.approval import ApprovalRequest
from slipway.domain.errors import ApprovalRejected
from slipway.ports.platform import Platform
from slipway.ports.step_tokens import StepGone


def complete_decision(request: ApprovalRequest, platform: Platform) -> bool:
    """False when the workflow no longer waits: it was told before, has expired or was stopped."""
    decision = request.decision
    if decision is None:
        return False
    try:
        if decision.decision == "approve":
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
