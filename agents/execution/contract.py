"""What the execution agent is asked and answers."""

from __future__ import annotations

from slipway.domain.camel import Contract
from slipway.domain.evidence import ExecutionResult
from slipway.domain.plan import Plan
from slipway.domain.task import PullRequest
from slipway.domain.ticket import Ticket


class ExecutionRequest(Contract):
    """Carry out the approved `plan` on the branches of `pull_requests`."""

    task_id: str
    ticket: Ticket
    plan: Plan
    plan_hash: str
    pull_requests: tuple[PullRequest, ...]


ExecutionResponse = ExecutionResult
