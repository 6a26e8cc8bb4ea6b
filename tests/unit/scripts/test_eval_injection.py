"""The evaluation of injections can fail: with any one control switched off, it does."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from importlib.resources import files

import pytest
import yaml

from local.gateway.policy import Decision
from local.sandbox.limited import LimitedExecutor
from local.supervisor.layout import layout
from scripts.eval_injection import evaluate
from scripts.injection import gate_attacks, world
from scripts.injection.attack import Control, catalogue
from scripts.injection.desk import at_approval, github_comment
from slipway.agentkit import tooling
from slipway.agentkit.change_rules import check_changes
from slipway.domain.intake.own_words import Line
from slipway.services.decide_approval import DecisionOrder, decide_approval
from slipway.services.delivery_gate import delivery_gate
from slipway.services.receive_github import receive_github

Patch = pytest.MonkeyPatch


class Boasting(LimitedExecutor):
    """Says that it isolates, and does not."""

    isolates_network = True
    isolates_files = True


def no_fence(patch: Patch) -> None:
    for place in ("slipway.agentkit.tooling", "slipway.agentkit.tickets", "agents.cicd.agent"):
        patch.setattr(f"{place}.fence", lambda kind, text, **_: text)


def every_tool(patch: Patch) -> None:
    def offer(run, own, _forwarded):
        return tooling.all_tools(run, own, run.spec.tools)

    patch.setattr("slipway.agentkit.agent_loop.all_tools", offer)


def no_words(body: str) -> Iterator[Line]:
    for line in body.split("\n"):
        yield Line(kind="said", text=line.lstrip("> "))


def any_repository(patch: Patch) -> None:
    patch.setattr(
        "agents.planning.tools.PlanningToolbox._snapshot", lambda self, name: self._snapshots.at(name)
    )


def any_file(patch: Patch) -> None:
    def unscoped(edits, *, allowed, **others):
        check_changes(edits, allowed=None, **others)

    patch.setattr("slipway.agentkit.work_items.check_changes", unscoped)


def no_limits(patch: Patch) -> None:
    for place in ("slipway.agentkit.context", "slipway.domain.untrusted"):
        patch.setattr(f"{place}.shortened", lambda text, limit: text)


def stranger_to_itself(patch: Patch) -> None:
    known = world.connections()
    github = known.github().model_copy(update={"bot_login": "nobody"})
    jira = known.jira().model_copy(update={"bot_account_id": "nobody"})
    forgetful = dataclasses.replace(known, github_connection=github, jira_connection=jira)
    patch.setattr(world, "connections", lambda: forgetful)


def no_signatures(patch: Patch) -> None:
    patch.setattr("slipway.services.receive_github.check_body_signature", lambda *_, **__: None)
    patch.setattr("slipway.services.receive_slack.check_slack_signature", lambda *_, **__: None)


def any_plan(patch: Patch) -> None:
    def careless(order: DecisionOrder, platform):
        return decide_approval(dataclasses.replace(order, plan_hash=None), platform)

    patch.setattr("slipway.services.receive_slack.decide_approval", careless)


def replaced(target: str, by: object) -> Callable[[Patch], None]:
    return lambda patch: patch.setattr(target, by)


OFF: dict[Control, Callable[[Patch], None]] = {
    Control.FENCE: no_fence,
    Control.OFFERED_TOOLS: every_tool,
    Control.POLICY: replaced("local.gateway.policy.decide", lambda *_, **__: Decision(True, "off")),
    Control.SCREEN: replaced("scripts.injection.gateway_host.screen", lambda _: ()),
    Control.GUARD: replaced("slipway.agentkit.runner.GuardedGateway", lambda inner, run_id: inner),
    Control.PROTECTED: replaced(
        "slipway.domain.repository_config.RepositoryConfig.protects", lambda *_: False
    ),
    Control.PLAN_SCOPE: any_file,
    Control.REPOSITORIES: any_repository,
    Control.TEST_STRENGTH: replaced("slipway.agentkit.change_rules.weakened", lambda *_: None),
    Control.PROOF: replaced("agents.cicd.tools.digest", lambda _: None),
    Control.BUDGET: replaced("slipway.agentkit.guards.Guards._check_budget", lambda *_: None),
    Control.LOOP_GUARD: replaced("slipway.agentkit.guards.Guards._refuse_a_loop", lambda *_: None),
    Control.LIMITS: no_limits,
    Control.SANDBOX: lambda _: None,
    Control.AUTHORITY: replaced(
        "slipway.services.carry_out_command.check_may_command", lambda *_, **__: None
    ),
    Control.GRAMMAR: replaced("slipway.domain.intake.commands.own_words", no_words),
    Control.SELF_GUARD: stranger_to_itself,
    Control.SIGNATURE: no_signatures,
    Control.PLAN_HASH: any_plan,
    Control.GATE: replaced("scripts.injection.gate_attacks.delivery_gate", lambda *_: ()),
    Control.EDGE: replaced("slipway.adapters.outgoing._findings", lambda _: iter(())),
    Control.NOTICE: replaced("slipway.services.ticket_tricks.hidden_in_ticket", lambda _: ()),
}


@pytest.mark.parametrize("control", Control)
def test_without_one_control_the_evaluation_fails(control: Control, monkeypatch: Patch) -> None:
    OFF[control](monkeypatch)
    report = evaluate(Boasting(toolchain=layout().toolchain), only=control, at_most=3)
    assert report.missed


def test_there_are_sixty_attacks_and_more_over_every_channel_of_text() -> None:
    goals, attacks = catalogue()
    assert len(attacks) >= 60
    assert len({each.id for each in attacks}) == len(attacks)
    assert {each.goal for each in attacks} == set(goals)
    channels = {each.channel for each in attacks}
    assert {"ticket_text", "comment", "stack_trace", "file_content", "file_name", "branch_name"} < channels
    assert {"ci_log", "tool_result", "attachment", "knowledge", "sentry", "session"} < channels


def test_cases_are_data() -> None:
    text = files("scripts.injection").joinpath("cases/agents.yaml").read_text(encoding="utf-8")
    assert set(yaml.safe_load(text)) == {"goals", "attacks"}


def test_an_honest_delivery_passes_the_gate_that_stops_the_attacks() -> None:
    desk = at_approval()
    honest = dataclasses.replace(gate_attacks._DELIVERIES[-1], proven=True)
    gate_attacks._deliver(desk, honest)
    (pull,) = delivery_gate(desk.task_id, desk.platform)
    assert pull.number == 1


def test_a_person_who_may_approves_where_the_attacks_do_not() -> None:
    desk = at_approval()
    receive_github(github_comment("/agent approve", by="grace"), desk.platform)
    assert desk.decided
