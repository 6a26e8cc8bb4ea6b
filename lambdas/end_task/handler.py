"""State EndTask, where every Catch leads."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel

from lambdas.process import platform
from lambdas.steps import StepEvent, read
from slipway.services.end_task import end_task


class Failure(BaseModel, frozen=True):
    """As Step Functions gives it."""

    Error: str = ""
    Cause: str = ""


class EndEvent(StepEvent):
    """The task and what its step failed with."""

    error: Failure = Failure()


def handler(event: Mapping[str, object], _context: object) -> dict[str, str]:
    """The terminal state follows from the error's name."""
    step = read(event, EndEvent)
    state = end_task(step.task_id, error=step.error.Error, cause=step.error.Cause, platform=platform())
    return {"task_id": step.task_id, "state": str(state)}
