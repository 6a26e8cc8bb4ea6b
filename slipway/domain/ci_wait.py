"""A task that sleeps until its pull requests' checks have ended, and how that ended."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel


class WatchedHead(BaseModel, frozen=True):
    """One pull request at the commit whose checks count."""

    repository: str
    number: int
    head_sha: str


class FailedHead(BaseModel, frozen=True):
    """A pull request whose checks failed."""

    repository: str
    number: int


class CiOutcome(BaseModel, frozen=True):
    """What the waiting step receives. `round` counts the failures; `without_ci` are the repositories
    that have no CI: a success for them, and always said."""

    state: Literal["success", "failure"]
    round: int
    failed: tuple[FailedHead, ...] = ()
    without_ci: tuple[str, ...] = ()


class CiWait(BaseModel, frozen=True):
    """Registered once per visit to AwaitCI; the outcome is written before the step is told."""

    task_id: str
    task_token: str
    round: int
    heads: tuple[WatchedHead, ...]
    registered_at: datetime
    outcome: CiOutcome | None = None
