"""State AwaitCI."""

from __future__ import annotations

from collections.abc import Mapping

from lambdas.process import platform
from lambdas.steps import WaitingStepEvent, read
from slipway.services.await_ci import await_ci


def handler(event: Mapping[str, object], _context: object) -> dict[str, str]:
    """The end of the checks completes the token."""
    step = read(event, WaitingStepEvent)
    await_ci(step.task_id, step.task_token, platform())
    return {"task_id": step.task_id}
