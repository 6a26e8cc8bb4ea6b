"""What the platform must know about the execution agent."""

from __future__ import annotations

from agents.execution.contract import ExecutionRequest, ExecutionResponse
from slipway.domain.agent_spec import AgentSpec, Alarms, Budget, Grant, tools

SPEC = AgentSpec(
    name="execution",
    purpose="Carries out an approved plan: reproduces first, changes, proves, and commits item by item.",
    request=ExecutionRequest,
    response=ExecutionResponse,
    model_tier="deep",
    tools=(
        *tools("github", "list_commits", "push_files", "delete_file"),
        *tools("repositories", "snapshot"),
    ),
    grants=frozenset(Grant),
    timeout_minutes=120,
    idle_timeout_minutes=30,
    sandbox="code",
    budget=Budget(usd=8.0, turns=240, minutes=120),
    alarms=Alarms(p95_latency_seconds=3600, daily_cost_usd=60.0, monthly_cost_usd=900.0),
)
