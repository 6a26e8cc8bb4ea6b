from __future__ import annotations

from dataclasses import replace

import pytest

from agents.registry import AGENTS
from scripts.deployment.ticket_cost import TicketLine, ticket_lines
from slipway.domain.agent_spec import AgentSpec, Trigger
from slipway.domain.prices import prices, ticket_use
from stacks.config import ENVIRONMENTS, EnvironmentConfig

DEV = ENVIRONMENTS["dev"]


def lines(
    *specs: AgentSpec, config: EnvironmentConfig = DEV, kinds: frozenset[str] = frozenset()
) -> dict[tuple[str, str], TicketLine]:
    found = ticket_lines(
        use=ticket_use(),
        prices=prices(),
        config=config,
        region="eu-west-1",
        agents={spec.name: spec for spec in specs},
        kinds=kinds,
    )
    return {(line.what, line.rate): line for line in found}


def test_memory_is_charged_until_the_session_ends() -> None:
    short = replace(AGENTS["discovery"], idle_timeout_minutes=5)
    long = replace(AGENTS["discovery"], idle_timeout_minutes=60)
    rate = ("agent discovery", "agentcore.gb_hour")
    added = lines(long)[rate].quantity[0] - lines(short)[rate].quantity[0]
    assert added == pytest.approx(55 / 60 * ticket_use().agent("discovery").memory_gb[0])


def test_the_budget_of_a_run_bounds_what_its_tokens_cost() -> None:
    spec = AGENTS["execution"]
    thrifty = replace(spec, budget=replace(spec.budget, usd=0.01))
    assert lines(thrifty)["model of execution", ""].usd == (0.01, 0.01)


def test_the_deterministic_model_costs_no_tokens() -> None:
    found = lines(AGENTS["execution"], config=replace(DEV, model_provider="deterministic"))
    assert ("model of execution", "") not in found


def test_an_agent_that_tickets_do_not_start_costs_them_nothing() -> None:
    chatty = replace(AGENTS["discovery"], triggers=(Trigger.CHAT,))
    assert not [what for what, _ in lines(chatty) if "discovery" in what]


def test_keys_and_the_edge_cost_only_where_they_exist() -> None:
    assert ("kms", "kms.request") not in lines()
    assert ("kms", "kms.request") in lines(kinds=frozenset({"AWS::KMS::Key"}))
