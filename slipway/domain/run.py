"""One agent invocation inside a task: what it is asked, and what it left behind."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from slipway.domain.camel import Contract


class RunInvocation(Contract):
    """The payload of InvokeAgentRuntime. Bodies live in S3: `request_key` names the agent's request JSON."""

    task_id: str
    step: str
    attempt: int = Field(ge=1)
    request_key: str
    task_token: str | None = Field(
        default=None, description="Step Functions token; absent for a direct call."
    )


class RunUsage(Contract):
    """Tokens and money of one run."""

    model_id: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    turns: int = 0
    cost_usd: float = 0.0


class RunRecord(Contract):
    """`runs/<step>-<attempt>/result.json`: the outcome, the agent's validated response and the usage."""

    task_id: str
    step: str
    attempt: int
    agent: str
    agent_version: str = ""
    status: Literal["succeeded", "failed", "needs_human", "cancelled"]
    response: dict[str, object] | None = None
    error: str | None = None
    error_message: str | None = None
    usage: RunUsage = RunUsage()
    started_at: datetime
    ended_at: datetime


class RunOutput(Contract):
    """What goes through Step Functions when a run succeeds: ids and figures only."""

    run_id: str
    result_key: str
    cost_usd: float
