"""A decision on one plan hash by one authorised person."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel


class ApprovalDecision(BaseModel, frozen=True):
    """What was decided, by whom, through which channel; `reason` of a revision is the instruction."""

    task_id: str
    plan_hash: str
    decision: Literal["approve", "reject", "revise"]
    actor: str
    channel: Literal["slack", "github", "jira", "cli", "console", "api"]
    reason: str = ""
    at: datetime


class ApprovalRequest(BaseModel, frozen=True):
    """What was asked: shown on every channel; `task_token` never leaves the platform's store."""

    task_id: str
    plan_hash: str
    task_token: str
    requested_at: datetime
    expires_at: datetime
    reminded: bool = False
    revision: int = 0
    estimate_low_usd: float
    estimate_high_usd: float
    estimate_minutes: float
    risk: Literal["low", "medium", "high"]
    slack_channel: str | None = None
    slack_ts: str | None = None
    decision: ApprovalDecision | None = None
