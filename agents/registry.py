"""Every agent in the system, in pipeline order. Adding one: a folder, and a line here."""

from __future__ import annotations

from importlib import import_module

from slipway.domain.agent_spec import AgentSpec

NAMES = (
    "discovery",
    "planning",
    "execution",
    "cicd",
)


def _load(name: str) -> AgentSpec:
    spec: AgentSpec = import_module(f"agents.{name}.spec").SPEC
    return spec


AGENTS: dict[str, AgentSpec] = {name: _load(name) for name in NAMES}
