"""What the cicd agent is asked and answers."""

from __future__ import annotations

from slipway.domain.camel import Contract
from slipway.domain.evidence import CiFixResult, CiReport
from slipway.domain.plan import Plan
from slipway.domain.task import PullRequest
from slipway.domain.ticket import Ticket


class CiFixRequest(Contract):
    """Read why CI failed on `pull_request` and fix what tools can fix; round 1 to 3."""

    task_id: str
    ticket: Ticket
    plan: Plan
    pull_request: PullRequest
    report: CiReport
    round: int


CiFixResponse = CiFixResult
