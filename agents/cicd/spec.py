"""What the platform must know about the cicd agent."""

from __future__ import annotations

from agents.cicd.contract import CiFixRequest, CiFixResponse
from slipway.domain.agent_spec import AgentSpec, Alarms, Budget, Grant, tools

SPEC = AgentSpec(
    name="cicd",
    purpose="Reads why CI failed, fixes what tools can fix, and hands the rest to a person.",
    request=CiFixRequest,
    response=CiFixResponse,
    model_tier="standard",
    tools=(
        *tools(
            "github",
            "get_job_logs",
            "actions_list",
            "actions_get",
            "list_commits",
            "push_files",
            "delete_file",
        ),
        *tools("repositories", "snapshot"),
    ),
    grants=frozenset(Grant),
    timeout_minutes=30,
    sandbox="code",
    budget=Budget(usd=2.0, turns=120, minutes=30),
    alarms=Alarms(p95_latency_seconds=900),
)
