"""State Preflight."""

from __future__ import annotations

from collections.abc import Mapping

from lambdas.process import platform
from lambdas.steps import StepEvent, read
from slipway.services.preflight import preflight


def handler(event: Mapping[str, object], _context: object) -> dict[str, str]:
    """Raises what keeps the task from beginning."""
    step = read(event, StepEvent)
    preflight(step.task_id, platform())
    return {"task_id": step.task_id}
