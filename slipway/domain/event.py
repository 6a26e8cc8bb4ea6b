"""Facts about a task, in the past tense, appended and never changed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, Field, JsonValue


class EventKind(StrEnum):
    """Every kind of row in a task's history."""

    TASK_ACCEPTED = "task_accepted"
    TASK_QUEUED = "task_queued"
    TASK_STARTED = "task_started"
    STATE_CHANGED = "state_changed"
    RUN_STARTED = "run_started"
    RUN_PROGRESSED = "run_progressed"
    RUN_FINISHED = "run_finished"
    RUN_FAILED = "run_failed"
    PLAN_PUBLISHED = "plan_published"
    APPROVAL_REQUESTED = "approval_requested"
    APPROVAL_REMINDED = "approval_reminded"
    APPROVAL_DECIDED = "approval_decided"
    REVISION_ASKED = "revision_asked"
    EXECUTION_HELD = "execution_held"
    AGENTS_SWITCHED = "agents_switched"
    EVIDENCE_RECORDED = "evidence_recorded"
    COMMIT_PUSHED = "commit_pushed"
    DELIVERY_CHECKED = "delivery_checked"
    CI_WAITED = "ci_waited"
    CI_CONCLUDED = "ci_concluded"
    STOP_REQUESTED = "stop_requested"
    STOP_INCOMPLETE = "stop_incomplete"
    NOTIFICATION_FAILED = "notification_failed"
    TASK_REPAIRED = "task_repaired"
    TASK_ENDED = "task_ended"


class TaskEvent(BaseModel, frozen=True):
    """One row. `id` sorts by time; `actor` is an agent name, a person, or `platform`."""

    task_id: str
    id: str
    kind: EventKind
    at: datetime
    actor: str = "platform"
    message: str
    detail: dict[str, JsonValue] = Field(default_factory=dict)


def new_event(
    task_id: str,
    kind: EventKind,
    message: str,
    *,
    at: datetime,
    actor: str = "platform",
    detail: Mapping[str, JsonValue] | None = None,
) -> TaskEvent:
    """An event whose id sorts by `at`; the random end keeps two of the same microsecond apart."""
    return TaskEvent(
        task_id=task_id,
        id=f"{at:%Y%m%dT%H%M%S.%fZ}-{uuid.uuid4().hex[:8]}",
        kind=kind,
        at=at,
        actor=actor,
        message=message,
        detail=dict(detail or {}),
    )
