"""State Finish."""

from __future__ import annotations

from collections.abc import Mapping

from lambdas.process import platform
from lambdas.steps import StepEvent, read
from slipway.services.finish_task import finish_task


def handler(event: Mapping[str, object], _context: object) -> dict[str, str]:
    """Hands over to people."""
    step = read(event, StepEvent)
    finish_task(step.task_id, platform())
    return {"task_id": step.task_id, "state": "done"}
