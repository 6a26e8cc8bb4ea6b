"""What workflow states send: a task, and for the sleeping ones a token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lambdas.process import logger
from slipway.domain.errors import InvalidInput


class StepEvent(BaseModel):
    """The state's payload; fields that only some states send are in their own models."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    task_id: str = Field(min_length=1)


class WaitingStepEvent(StepEvent):
    """A state that sleeps until the token is completed."""

    task_token: str = Field(min_length=1)


EventT = TypeVar("EventT", bound=StepEvent)


def read(event: Mapping[str, object], model: type[EventT]) -> EventT:
    """The event as its model; every log line from here on carries the task."""
    try:
        parsed = model.model_validate(event)
    except ValidationError as error:
        raise InvalidInput(f"the state sent what {model.__name__} does not allow: {error}") from error
    logger().append_keys(task_id=parsed.task_id)
    return parsed
