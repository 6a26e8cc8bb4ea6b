"""`off` keeps agents off a pull request: nothing is approved, repaired or begun until `on`."""

from __future__ import annotations

import pytest

from slipway.domain.errors import NeedsHuman
from slipway.domain.evidence import CheckConclusion
from slipway.domain.step import Step
from slipway.domain.task import TaskState
from slipway.services.authority import Person
from slipway.services.carry_out_command import carry_out_command
from slipway.services.reconcile import reconcile
from tests.builders import REPOSITORY, a_discovery
from tests.world import GREEN, RED, World

WRITER = Person(name="grace", channel="github", may_decide=True)


def say(world: World, verb: str) -> str:
    return carry_out_command(verb, "", person=WRITER, platform=world.platform, default_task=world.task_id)


def test_while_off_no_plan_is_approved() -> None:
    world = World()
    token = world.awaiting_approval()
    assert f"no agent begins anything more on {REPOSITORY}#1" in say(world, "off")
    assert "say `on` there" in say(world, "approve")
    assert token in world.platform.step_tokens.open
    assert "grace keeps agents off" in say(world, "status")
    say(world, "on")
    assert "carried out" in say(world, "approve")


@pytest.mark.parametrize("check", [RED, GREEN])
def test_while_off_checks_wake_nobody_and_on_looks_at_them(check: CheckConclusion) -> None:
    world = World()
    token = world.awaiting_ci()
    say(world, "off")
    world.checks(check)
    assert reconcile(world.platform) == {}
    assert token in world.platform.step_tokens.open
    assert "agents work on" in say(world, "on")
    assert token in world.platform.step_tokens.outputs


def test_while_off_no_run_begins_and_a_person_is_asked() -> None:
    world = World()
    world.awaiting_approval()
    say(world, "off")
    with pytest.raises(NeedsHuman, match="grace keeps agents off"):
        world.run(Step.EXECUTE, a_discovery())
    assert world.task.state is TaskState.AWAITING_APPROVAL


def test_without_a_pull_request_there_is_nothing_to_keep_off() -> None:
    world = World().started()
    assert "has no pull request yet" in say(world, "off")
