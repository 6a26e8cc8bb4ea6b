"""What the platform must know about the planning agent."""

from __future__ import annotations

from agents.planning.contract import PlanningRequest, PlanningResponse
from slipway.domain.agent_spec import AgentSpec, Alarms, Budget, tools

SPEC = AgentSpec(
    name="planning",
    purpose="Plans the work tests first, publishes PLAN.md in draft pull requests and tells the ticket.",
    request=PlanningRequest,
    response=PlanningResponse,
    model_tier="deep",
    tools=(
        *tools(
            "github",
            "get_file_contents",
            "search_code",
            "list_commits",
            "create_branch",
            "create_or_update_file",
            "create_pull_request",
            "list_pull_requests",
        ),
        *tools("jira", "getJiraIssue", "addOrEditJiraIssueComment"),
        *tools("repositories", "snapshot"),
        *tools("knowledge", "search"),
    ),
    timeout_minutes=20,
    budget=Budget(usd=4.0, turns=60, minutes=20),
    alarms=Alarms(p95_latency_seconds=900),
)
