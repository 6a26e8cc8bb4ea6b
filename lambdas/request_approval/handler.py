"""State RequestApproval."""

from __future__ import annotations

from collections.abc import Mapping

from lambdas.process import platform
from lambdas.steps import WaitingStepEvent, read
from slipway.services.request_approval import request_approval


def handler(event: Mapping[str, object], _context: object) -> dict[str, str]:
    """The decision completes the token."""
    step = read(event, WaitingStepEvent)
    request_approval(step.task_id, step.task_token, platform())
    return {"task_id": step.task_id}
