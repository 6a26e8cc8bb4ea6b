"""A repository without CI is no reason to wait, and never silently green."""

from __future__ import annotations

import json

from slipway.domain.step import Step
from slipway.domain.task import TaskState
from slipway.services.await_ci import await_ci
from slipway.services.delivery_gate import delivery_gate
from slipway.services.finish_task import finish_task
from slipway.services.reconcile import reconcile
from tests.builders import REPOSITORY, TickingClock, a_plan, a_platform
from tests.world import GREEN, World


def without_workflows(world: World, *, repository: str = REPOSITORY) -> World:
    world.platform.forge.commit(repository, "main", {".github/workflows/ci.yml": None}, message="no ci")
    return world


def concluded(world: World) -> str:
    events = world.platform.event_log.events(world.task_id)
    return next(event.message for event in events if event.kind == "ci_concluded")


def test_nothing_that_could_check_is_not_waited_for() -> None:
    world = without_workflows(World())
    token = world.awaiting_ci()
    assert json.loads(world.platform.step_tokens.outputs[token])["state"] == "success"
    assert concluded(world) == f"no CI is configured in {REPOSITORY}"


def test_it_is_said_wherever_green_would_be() -> None:
    world = without_workflows(World())
    world.awaiting_ci()
    finish_task(world.task_id, world.platform)
    assert world.task.state is TaskState.DONE
    assert world.task.reason == f"1 pull request is ready for review; no CI is configured in {REPOSITORY}"
    (delivered,) = [
        body for marker, body in world.platform.forge.comments[REPOSITORY, 1].items() if "delivery" in marker
    ]
    assert "no CI is configured: the runs above are the only proof" in delivered
    assert "CI success" not in delivered


def test_an_outside_ci_that_checked_the_plan_is_waited_for() -> None:
    clock = TickingClock()
    world = without_workflows(World(platform=a_platform(clock=clock)))
    world.awaiting_approval()
    world.checks(GREEN)
    world.run(Step.EXECUTE, world.execution())
    delivery_gate(world.task_id, world.platform)
    token = world.token()
    await_ci(world.task_id, token, world.platform)
    clock.pass_time(hours=1)
    reconcile(world.platform)
    assert token in world.platform.step_tokens.open


def test_a_ci_of_the_base_branch_is_waited_for_only_a_while() -> None:
    clock = TickingClock()
    world = without_workflows(World(platform=a_platform(clock=clock)))
    base = world.platform.forge.branches[REPOSITORY, "main"]
    world.platform.forge.checks_by_sha[base] = (GREEN,)
    token = world.awaiting_ci()
    assert token in world.platform.step_tokens.open
    clock.pass_time(minutes=1)
    assert reconcile(world.platform) == {"ci": 1}
    assert "no CI is configured" in concluded(world)


def test_one_repository_with_ci_is_still_waited_for() -> None:
    world = without_workflows(World(plan=a_plan("acme/lib", "acme/app")), repository="acme/lib")
    token = world.awaiting_ci()
    assert token in world.platform.step_tokens.open
    world.checks(GREEN, repository="acme/app")
    reconcile(world.platform)
    assert concluded(world) == "every check is green; no CI is configured in acme/lib"
    assert {one.repository: one.ci_note for one in world.task.pull_requests} == {
        "acme/lib": "no CI is configured",
        "acme/app": "",
    }
