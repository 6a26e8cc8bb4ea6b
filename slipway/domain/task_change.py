"""What other systems are told when a task changes its state; the one contract of the event bus."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from slipway.domain.task import Task, TaskState

SOURCE = "slipway"
DETAIL_TYPE = "TaskStateChanged"


class TaskChange(BaseModel):
    """The detail of a `TaskStateChanged` event. Fields are added, never renamed or removed."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True)

    task_id: str = Field(description="The task; `GET /tasks/{id}` says the rest.")
    before: TaskState | None = Field(alias="from", description="Its state until now; null for a new task.")
    after: TaskState = Field(alias="to", description="Its state now.")
    ticket: str = Field(description="Key of its ticket, such as ENG-12.")
    repository: str | None = Field(description="The first repository it concerns; null until it is known.")
    repositories: tuple[str, ...] = Field(description="Every repository it concerns.")
    cost_usd: float = Field(description="What it has cost so far.")
    at: datetime = Field(description="When its state changed, in UTC.")


def task_change(before: Mapping[str, JsonValue], after: Mapping[str, JsonValue]) -> TaskChange | None:
    """From the rows of a task before and after a write; None when its state stayed. `before` may be empty."""
    task = Task.model_validate(after)
    was = TaskState(str(before["state"])) if before.get("state") else None
    if was is task.state:
        return None
    return TaskChange(
        task_id=task.id,
        before=was,
        after=task.state,
        ticket=task.ticket_key,
        repository=task.repositories[0] if task.repositories else None,
        repositories=task.repositories,
        cost_usd=task.cost_usd,
        at=task.updated_at,
    )
