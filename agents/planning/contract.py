"""What the planning agent is asked and answers."""

from __future__ import annotations

from pydantic import Field

from slipway.domain.camel import Contract
from slipway.domain.discovery import DiscoveryResult
from slipway.domain.published_plan import PublishedPlan
from slipway.domain.ticket import Ticket


class OrganizationConventions(Contract):
    """How this organisation names and formats things; `{ticket_id}` and `{slug}` are filled in."""

    branch_naming: str = "feature/{ticket_id}-{slug}"
    commit_format: str = "{type}: {summary}"
    test_frameworks: dict[str, str] = Field(default_factory=lambda: {"python": "pytest"})
    code_style: dict[str, str] = Field(default_factory=lambda: {"python": "ruff"})


class PlanningRequest(Contract):
    """Plan the work of `ticket` in the repositories that discovery found, and open draft pull requests."""

    task_id: str
    ticket: Ticket
    discovery: DiscoveryResult
    conventions: OrganizationConventions = OrganizationConventions()
    jira_cloud_id: str = ""
    instructions: tuple[str, ...] = Field(
        default=(), description="What people wanted different when they sent earlier plans back; untrusted."
    )
    earlier_plan: str = Field(default="", description="The plan that was sent back last, as PLAN.md.")


PlanningResponse = PublishedPlan
