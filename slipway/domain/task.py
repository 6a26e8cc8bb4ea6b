"""A task: one piece of work, its states, and which moves between them are allowed."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from slipway.domain.errors import Permanent
from slipway.domain.ticket import Priority


class TaskState(StrEnum):
    """Where a task stands; the last six are terminal and visible everywhere."""

    QUEUED = "queued"
    STARTING = "starting"
    DISCOVERING = "discovering"
    PLANNING = "planning"
    AWAITING_APPROVAL = "awaiting_approval"
    EXECUTING = "executing"
    CHECKING_DELIVERY = "checking_delivery"
    AWAITING_CI = "awaiting_ci"
    FIXING_CI = "fixing_ci"
    FINISHING = "finishing"
    DONE = "done"
    REJECTED = "rejected"
    EXPIRED = "expired"
    ESCALATED = "escalated"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def is_terminal(self) -> bool:
        """No further move is possible (a retry is a new task)."""
        return self in TERMINAL

    @property
    def is_running(self) -> bool:
        """Holds a slot of the concurrency caps."""
        return not self.is_terminal and self is not TaskState.QUEUED


TERMINAL = frozenset(
    {
        TaskState.DONE,
        TaskState.REJECTED,
        TaskState.EXPIRED,
        TaskState.ESCALATED,
        TaskState.FAILED,
        TaskState.STOPPED,
    }
)


class InvalidTransition(Permanent):
    """The task is not in a state from which this move is allowed."""


def check_transition(task_id: str, current: TaskState, target: TaskState) -> None:
    """Raise InvalidTransition when `current` is terminal; moves between open states follow the workflow."""
    if current.is_terminal:
        raise InvalidTransition(f"task {task_id} already ended as {current}; it cannot become {target}")


class PullRequest(BaseModel, frozen=True):
    """A pull request of a task."""

    repository: str
    number: int
    url: str
    branch: str
    head_sha: str = ""
    draft: bool = True
    ci: str = "unknown"
    ci_note: str = ""


class Task(BaseModel):
    """One row of the tasks table. Times are aware UTC datetimes, costs USD."""

    model_config = ConfigDict(frozen=True)

    id: str
    state: TaskState
    source: str
    subject: str
    aliases: tuple[str, ...] = Field(default=(), description="Other names of the same subject.")
    ticket_key: str
    ticket_url: str = ""
    title: str
    priority: Priority = Priority.MEDIUM
    requested_by: str = ""
    repositories: tuple[str, ...] = ()
    plan_hash: str | None = None
    pull_requests: tuple[PullRequest, ...] = ()
    cost_usd: float = 0.0
    reason: str | None = None
    current_agent: str | None = None
    attempts: dict[str, int] = Field(default_factory=dict, description="Step to its latest attempt.")
    execution_arn: str | None = None
    ci_round: int = 0
    status_comment_id: str | None = None
    slack_channel: str | None = None
    slack_thread: str | None = None
    told_place: str | None = Field(
        default=None, description="What its people know of its place in the queue."
    )
    revision: int = Field(default=0, description="How often people sent the plan back.")
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None = Field(default=None, description="When it was taken from the queue.")
    ended_at: datetime | None = None
    version: int = 1

    @property
    def subjects(self) -> tuple[str, ...]:
        """Every name of what it is about; one open task holds them all."""
        return tuple(dict.fromkeys((self.subject, *self.aliases)))


class TaskPatch(BaseModel, frozen=True):
    """The fields of a task that may change while it is open; only what is set is written."""

    title: str = ""
    ticket_url: str = ""
    repositories: tuple[str, ...] = ()
    plan_hash: str | None = None
    pull_requests: tuple[PullRequest, ...] = ()
    current_agent: str | None = None
    attempts: dict[str, int] = Field(default_factory=dict, description="Step to its latest attempt.")
    execution_arn: str | None = None
    ci_round: int = 0
    status_comment_id: str | None = None
    slack_channel: str | None = None
    slack_thread: str | None = None
    told_place: str | None = None
    revision: int = 0


_UNSAFE = re.compile(r"[^a-z0-9-]+")


def task_id(ticket_key: str, delivery_id: str) -> str:
    """`eng-12-1a2b3c4d`: a Step Functions execution name, the same for every copy of one delivery."""
    slug = _UNSAFE.sub("-", ticket_key.lower()).strip("-")[:40] or "task"
    return f"{slug}-{hashlib.sha256(delivery_id.encode()).hexdigest()[:8]}"
