"""A plan that is out in draft pull requests: what an approval is asked for."""

from __future__ import annotations

from pydantic import Field

from slipway.domain.camel import Contract
from slipway.domain.plan import Plan, plan_hash
from slipway.domain.task import PullRequest


class PublishedPullRequest(Contract):
    """One draft pull request with PLAN.md as its first commit."""

    repository: str
    branch: str
    number: int
    url: str
    head_sha: str
    base: str

    def as_pull_request(self) -> PullRequest:
        """As the task keeps it."""
        return PullRequest(
            repository=self.repository,
            number=self.number,
            url=self.url,
            branch=self.branch,
            head_sha=self.head_sha,
            draft=True,
        )


class PublishedPlan(Contract):
    """The plan, its Markdown exactly as committed (the same text in every repository), and where it is."""

    plan: Plan
    plan_markdown: str
    pull_requests: tuple[PublishedPullRequest, ...] = Field(min_length=1)

    @property
    def hash(self) -> str:
        """What the approval is bound to."""
        return plan_hash(self.plan_markdown)
