"""The whole path of a ticket over memory adapters, moved by hand as the deployed workflow moves it."""

from __future__ import annotations

import json

from slipway.domain.evidence import CiDiagnosis, CiFixResult, Commit
from slipway.domain.intake.decisions import CiSignal
from slipway.domain.step import Step
from slipway.domain.task import TaskState
from slipway.services.await_ci import await_ci
from slipway.services.decide_approval import DecisionOrder, decide_approval
from slipway.services.delivery_gate import delivery_gate
from slipway.services.finish_task import finish_task
from slipway.services.on_ci_signal import on_ci_signal
from tests.builders import REPOSITORY, a_plan
from tests.world import BOT, BRANCH, GREEN, RED, SOURCE, World


def approve(world: World) -> None:
    order = DecisionOrder(task_id=world.task_id, decision="approve", actor="Ada", channel="cli")
    decide_approval(order, world.platform)


def ci_ended(world: World, *, repository: str = REPOSITORY) -> list[str]:
    signal = CiSignal(
        delivery_id="d",
        repository=repository,
        head_sha=world.head(repository),
        pull_requests=(1,),
        failed=False,
    )
    return on_ci_signal(signal, world.platform)


def test_a_labelled_ticket_ends_as_a_ready_pull_request() -> None:
    world = World()
    approval = world.awaiting_approval()
    approve(world)
    assert json.loads(world.platform.step_tokens.outputs[approval])["decision"] == "approve"
    world.run(Step.EXECUTE, world.execution())
    delivery_gate(world.task_id, world.platform)
    ci = world.token()
    await_ci(world.task_id, ci, world.platform)
    assert ci not in world.platform.step_tokens.outputs
    world.checks(GREEN)
    assert ci_ended(world) == [world.task_id]
    assert json.loads(world.platform.step_tokens.outputs[ci]) == {
        "state": "success",
        "round": 0,
        "failed": [],
    }
    finish_task(world.task_id, world.platform)

    assert world.task.state is TaskState.DONE
    assert not world.platform.forge.pulls[REPOSITORY, 1].draft
    assert world.platform.tracker.statuses == {"ENG-1": "In Review"}
    assert "**Slipway: done**" in world.platform.tracker.comments["ENG-1"]["1"]
    assert len(world.platform.tracker.comments["ENG-1"]) == 1
    assert world.platform.tasks.running() == frozenset()
    kinds = [kind for kind in world.history if kind != "state_changed"]
    assert kinds == [
        "task_accepted",
        "task_started",
        "plan_published",
        "approval_requested",
        "approval_decided",
        "delivery_checked",
        "ci_waited",
        "ci_concluded",
        "task_ended",
    ]


def test_a_red_ci_is_repaired_and_checked_again() -> None:
    world = World()
    ci = world.awaiting_ci()
    world.checks(RED)
    ci_ended(world)
    outcome = json.loads(world.platform.step_tokens.outputs[ci])
    assert outcome == {"state": "failure", "round": 1, "failed": [{"repository": REPOSITORY, "number": 1}]}

    sha = world.platform.forge.commit(
        REPOSITORY,
        BRANCH,
        {SOURCE: "def price(items):\n    return sum(items) / len(items) if items else 0.0\n"},
        message=world.message(agent="cicd"),
        author=BOT,
    )
    fix = CiFixResult(
        repository=REPOSITORY,
        diagnosis=CiDiagnosis(ci_class="lint", auto_fixable=True, line="E501"),
        fixed=True,
        commits=(
            Commit(repository=REPOSITORY, branch=BRANCH, sha=sha, message="m", task_id=1, files=(SOURCE,)),
        ),
        head_sha=sha,
        summary="formatted",
    )
    world.run(Step.FIX_CI, fix, round_number=1)
    assert world.task.state is TaskState.FIXING_CI
    assert delivery_gate(world.task_id, world.platform)[0].head_sha == sha
    again = world.token()
    world.checks(GREEN)
    await_ci(world.task_id, again, world.platform)
    assert json.loads(world.platform.step_tokens.outputs[again])["state"] == "success"


def test_two_repositories_wait_for_both_to_be_green() -> None:
    world = World(plan=a_plan("acme/lib", "acme/app"))
    ci = world.awaiting_ci()
    world.checks(GREEN, repository="acme/lib")
    ci_ended(world, repository="acme/lib")
    assert ci not in world.platform.step_tokens.outputs
    world.checks(GREEN, repository="acme/app")
    ci_ended(world, repository="acme/app")
    assert json.loads(world.platform.step_tokens.outputs[ci])["state"] == "success"
