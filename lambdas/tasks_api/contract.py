"""What the API of tasks takes and keeps for itself; its OpenAPI document is made from this too."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

PRIVATE = frozenset({"execution_arn", "status_comment_id", "slack_channel", "slack_thread"})
"""Where the platform keeps its own messages and workflow is nobody's business."""


class Decision(BaseModel):
    """The body of POST /tasks/{id}/approval; `plan_hash` is the plan that the person has read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    decision: Literal["approve", "reject"]
    plan_hash: str = Field(min_length=1, max_length=128)
    reason: str = Field(default="", max_length=4000)
