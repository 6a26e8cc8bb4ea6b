"""What the platform must know about the discovery agent."""

from __future__ import annotations

from agents.discovery.contract import DiscoveryRequest, DiscoveryResponse
from slipway.domain.agent_spec import AgentSpec, Alarms, Budget, tools

SPEC = AgentSpec(
    name="discovery",
    purpose="Finds the repositories and files that a ticket concerns, and how they depend on each other.",
    request=DiscoveryRequest,
    response=DiscoveryResponse,
    model_tier="standard",
    tools=(
        *tools("github", "search_code", "search_repositories", "get_repository_tree", "get_file_contents"),
        *tools("repositories", "snapshot"),
        *tools("knowledge", "search"),
    ),
    timeout_minutes=15,
    budget=Budget(usd=1.0, turns=40, minutes=15),
    alarms=Alarms(p95_latency_seconds=600),
)
