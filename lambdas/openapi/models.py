"""What the API answers, as models: only documents are made of them, the answers are checked against those."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from lambdas.tasks_api.contract import PRIVATE
from slipway.domain.approval import ApprovalDecision, ApprovalRequest
from slipway.domain.event import TaskEvent
from slipway.domain.task import Task, TaskState


class Ignored(BaseModel):
    """Understood, and nothing to do."""

    ignored: str = Field(description="Why.")
    task_id: str | None = Field(default=None, description="The task that it is about, where there is one.")


class Accepted(BaseModel):
    """Something was done to a task."""

    task_id: str


class AlertRecorded(BaseModel):
    """The error tracker's report is counted under its subject."""

    subject: str


class SlackAnswer(BaseModel):
    """What Slack shows to the person."""

    response_type: Literal["ephemeral"]
    text: str


class Health(BaseModel):
    """It could start."""

    status: Literal["ok"]
    environment: str


HIDDEN = PRIVATE | {"task_token", "slack_ts"}
"""What the API keeps for itself."""


def _hide(schema: JsonDict) -> None:
    """A model's schema without what is hidden; an answer that has it anyway does not fit the schema."""
    shown, required = schema["properties"], schema["required"]
    assert isinstance(shown, dict)
    assert isinstance(required, list)
    schema["properties"] = {name: value for name, value in shown.items() if name not in HIDDEN}
    schema["required"] = [name for name in required if name not in HIDDEN]
    schema["additionalProperties"] = False


class PublicTask(Task):
    """A task, without where the platform keeps its own messages and workflow."""

    model_config = ConfigDict(json_schema_extra=_hide)


class Described(BaseModel):
    """An OpenAPI document."""

    openapi: str


class TaskList(BaseModel):
    """The newest of them; `total` counts all."""

    tasks: list[PublicTask]
    total: int


class Explained(BaseModel):
    """Three answers in plain sentences."""

    why: str
    next: str
    you_can: list[str]


class Asked(ApprovalRequest):
    """What is asked about a plan, without the token that wakes the workflow."""

    model_config = ConfigDict(json_schema_extra=_hide)

    decision: ApprovalDecision | None = None


class TaskPage(PublicTask):
    """One task with its explanation."""

    explanation: Explained
    approval: Asked | None


class History(BaseModel):
    """Oldest first."""

    task_id: str
    events: list[TaskEvent]


class Decided(BaseModel):
    """What was decided, and where the task stands now."""

    task_id: str
    state: TaskState
    message: str
