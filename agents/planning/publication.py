"""Publishes a plan: branch, PLAN.md and draft pull request in every repository, a comment on the ticket."""

from __future__ import annotations

from collections.abc import Mapping

from agents.planning.branches import branch_name, free_branch
from agents.planning.contract import PlanningRequest
from agents.planning.plan_markdown import plan_markdown
from slipway.agentkit.context import RunContext
from slipway.agentkit.forge_tools import ForgeTools
from slipway.agentkit.snapshots import Snapshot
from slipway.agentkit.trailers import marker, with_trailers
from slipway.domain.discovery import DiscoveryResult
from slipway.domain.errors import SlipwayError
from slipway.domain.event import EventKind
from slipway.domain.plan import PLAN_FILE, Plan
from slipway.domain.published_plan import PublishedPlan, PublishedPullRequest

COMMENT_TOOL = "jira___addOrEditJiraIssueComment"
COMMENTED = "ticket_commented"


def publish(
    plan: Plan, *, run: RunContext[PlanningRequest], snapshots: Mapping[str, Snapshot]
) -> PublishedPlan:
    """Bring every repository of the plan to the published state; what is already there is kept."""
    request = run.request
    forge = ForgeTools(run.gateway)
    markdown = plan_markdown(plan)
    named = branch_name(request.ticket, organization=request.conventions.branch_naming, snapshots=snapshots)
    branch, existing = free_branch(named, task_id=run.task_id, forge=forge, snapshots=snapshots)
    pulls = []
    for repository, snapshot in snapshots.items():
        if repository not in existing:
            forge.create_branch(repository, branch, from_branch=snapshot.default_branch)
        head = _write_plan(markdown, run=run, forge=forge, repository=repository, branch=branch)
        number, url = _pull(
            plan, run=run, forge=forge, repository=repository, branch=branch, base=snapshot.default_branch
        )
        pulls.append(
            PublishedPullRequest(
                repository=repository,
                branch=branch,
                number=number,
                url=url,
                head_sha=head,
                base=snapshot.default_branch,
            )
        )
        run.record(EventKind.RUN_PROGRESSED, f"plan published as {url}", {"url": url, "branch": branch})
    published = PublishedPlan(plan=plan, plan_markdown=markdown, pull_requests=tuple(pulls))
    _comment(published, run=run)
    return published


def _write_plan(
    markdown: str, *, run: RunContext[PlanningRequest], forge: ForgeTools, repository: str, branch: str
) -> str:
    written = forge.file(repository, PLAN_FILE, branch=branch)
    if written is not None and written.text == markdown:
        return forge.head(repository, branch)
    message = with_trailers(
        f"docs: plan {run.request.ticket.key}",
        task_id=run.task_id,
        agent=run.spec.name,
        model=run.model_id,
    )
    return forge.write_file(
        repository,
        PLAN_FILE,
        branch=branch,
        content=markdown,
        message=message,
        replaces=written.sha if written is not None else None,
    )


def _pull(
    plan: Plan,
    *,
    run: RunContext[PlanningRequest],
    forge: ForgeTools,
    repository: str,
    branch: str,
    base: str,
) -> tuple[int, str]:
    known = forge.open_pull(repository, branch)
    if known is not None:
        return known.number, known.url
    return forge.create_draft_pull(
        repository,
        title=f"{plan.ticket_key}: {plan.title}"[:250],
        head=branch,
        base=base,
        body=_body(plan, run=run),
    )


def _body(plan: Plan, *, run: RunContext[PlanningRequest]) -> str:
    ticket = run.request.ticket
    link = f"[{ticket.key}]({ticket.url})" if ticket.url else ticket.key
    others = [name for name in plan.repositories if len(plan.repositories) > 1]
    together = f"\nChanges together with: {', '.join(others)}\n" if others else ""
    return (
        f"## Ticket\n{link}\n\n## Plan\nSee `{PLAN_FILE}` on this branch.\n{together}\n## Checklist\n"
        "- [ ] Plan approved\n- [ ] Implementation complete\n- [ ] Tests passing\n- [ ] Code reviewed\n\n"
        f"{marker(run.task_id)}\n"
    )


def _comment(published: PublishedPlan, *, run: RunContext[PlanningRequest]) -> None:
    """One comment for a task, however often its plan step is retried; a tracker that fails stops nothing."""
    said = any(event.detail.get(COMMENTED) for event in run.event_log.events(run.task_id))
    if said or not run.request.jira_cloud_id:
        return
    try:
        properties = run.gateway.described()[COMMENT_TOOL]["inputSchema"]["json"]["properties"]
        # Public clients of this server disagree on the name, so the server's own schema decides.
        body = "commentBody" if "commentBody" in properties else "body"
        markdown = {"contentFormat": "markdown"} if "contentFormat" in properties else {}
        run.gateway.call(
            COMMENT_TOOL,
            {
                "cloudId": run.request.jira_cloud_id,
                "issueIdOrKey": run.request.ticket.key,
                body: comment_text(published, discovery=run.request.discovery),
                **markdown,
            },
        )
    except (SlipwayError, KeyError) as error:
        run.record(EventKind.NOTIFICATION_FAILED, f"the ticket was not told about the plan: {error}")
        return
    run.record(EventKind.RUN_PROGRESSED, "the ticket was told about the plan", {COMMENTED: True})


def comment_text(published: PublishedPlan, *, discovery: DiscoveryResult) -> str:
    """What the ticket's readers need: what was found, what is planned, where to look, what happens next."""
    plan = published.plan
    tests = len(plan.test_strategy.unit_tests) + len(plan.test_strategy.integration_tests)
    pulls = "\n".join(f"- [{each.repository}#{each.number}]({each.url})" for each in published.pull_requests)
    return (
        f"**A plan for this ticket is ready.**\n\n"
        f"- Relevant repositories: {len(discovery.relevant_repos)}\n"
        f"- Estimated complexity: {discovery.estimated_complexity}\n"
        f"- Tasks: {len(plan.tasks)}, about {plan.estimated_hours:g} hours of a person's work\n"
        f"- Planned tests: {tests}\n\n"
        f"Pull requests with the plan:\n{pulls}\n\n"
        f"Nothing is implemented before somebody approves the plan."
    )
