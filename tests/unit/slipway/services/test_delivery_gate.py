"""What the delivery gate lets through, and each thing it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from slipway.domain.errors import EvidenceMissing, NeedsHuman, PolicyRefused, SlipwayError
from slipway.domain.evidence import ExecutionResult
from slipway.domain.step import Step
from slipway.domain.task import TaskState
from slipway.services.delivery_gate import delivery_gate
from slipway.services.gate_rules import read_trailers
from tests.builders import REPOSITORY, a_plan
from tests.world import BOT, BRANCH, CHANGES, OLD_TREE, SOURCE, TESTS, World


def test_a_proven_delivery_passes_at_its_proven_commit() -> None:
    world = World().executed()
    (delivered,) = delivery_gate(world.task_id, world.platform)
    assert delivered.head_sha == world.head()
    assert world.task.state is TaskState.CHECKING_DELIVERY
    assert world.history[-1] == "delivery_checked"


def refused(world: World, error: type[SlipwayError], words: str) -> None:
    with pytest.raises(error, match=words):
        delivery_gate(world.task_id, world.platform)
    assert world.history[-1] == "delivery_checked"


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({}, EvidenceMissing, "nothing but its plan"),
        ({**CHANGES, "README.md": "x"}, PolicyRefused, "README.md"),
        (
            {**CHANGES, ".github/workflows/ci.yml": "on: never\n"},
            PolicyRefused,
            "workflow file",
        ),
        ({**CHANGES, "PLAN.md": "# other"}, EvidenceMissing, "not the approved one"),
        ({**CHANGES, "PLAN.md": None}, EvidenceMissing, "no longer holds"),
        (
            {**CHANGES, TESTS: "def test_price():\n    pass\n"},
            PolicyRefused,
            "assertions drop from 1 to 0",
        ),
        ({SOURCE: CHANGES[SOURCE], TESTS: None}, PolicyRefused, "test functions drop"),
        (
            {**CHANGES, TESTS: "import pytest\n@pytest.mark.skip\n" + OLD_TREE[TESTS]},
            PolicyRefused,
            "skip markers",
        ),
    ],
)
def test_a_diff_that_was_not_approved_is_refused(
    changes: dict[str, str | None], error: type[SlipwayError], words: str
) -> None:
    refused(World().executed(changes=changes), error, words)


@pytest.mark.parametrize(
    ("message", "error", "words"),
    [
        ("fix: guard", EvidenceMissing, "Slipway-Task"),
        (
            "fix\n\nSlipway-Task: other\nSlipway-Agent: a\nSlipway-Model: m\nSlipway-Item: 1",
            PolicyRefused,
            "belongs to task other",
        ),
    ],
)
def test_commits_say_whose_they_are(message: str, error: type[SlipwayError], words: str) -> None:
    refused(World().executed(message=message), error, words)


def test_a_commit_pushed_behind_our_back_is_refused() -> None:
    world = World().executed()
    world.platform.forge.commit(REPOSITORY, BRANCH, {SOURCE: "x = 1\n"}, message="mine", author="mallory")
    refused(world, EvidenceMissing, "someone pushed")


def test_a_claimed_commit_by_someone_else_is_refused() -> None:
    world = World()
    world.awaiting_approval()
    result = world.execution()
    sha = world.head()
    forged = replace(world.platform.forge.commits_by_sha[sha], author="mallory")
    world.platform.forge.commits_by_sha[sha] = forged
    world.run(Step.EXECUTE, result)
    refused(world, PolicyRefused, "by mallory")


def without(phase: str) -> Callable[[ExecutionResult], ExecutionResult]:
    return lambda result: result.model_copy(
        update={"evidence": tuple(run for run in result.evidence if run.phase != phase)}
    )


def failing_green(result: ExecutionResult) -> ExecutionResult:
    return result.model_copy(
        update={"evidence": tuple(run.model_copy(update={"exit_code": 1}) for run in result.evidence)}
    )


def passing_red(result: ExecutionResult) -> ExecutionResult:
    return result.model_copy(
        update={"evidence": tuple(run.model_copy(update={"exit_code": 0}) for run in result.evidence)}
    )


@pytest.mark.parametrize(
    ("alter", "words"),
    [
        (without("red"), "no failing run"),
        (passing_red, "no failing run"),
        (without("green"), "no passing run"),
        (failing_green, "no passing run"),
    ],
)
def test_each_plan_task_needs_red_and_then_green(
    alter: Callable[[ExecutionResult], ExecutionResult], words: str
) -> None:
    world = World()
    world.awaiting_approval()
    world.run(Step.EXECUTE, alter(world.execution()))
    refused(world, EvidenceMissing, words)


def test_a_closed_pull_request_needs_a_person() -> None:
    world = World().executed()
    key = (REPOSITORY, 1)
    world.platform.forge.pulls[key] = replace(world.platform.forge.pulls[key], state="closed")
    refused(world, NeedsHuman, "was closed")


def test_every_planned_repository_needs_its_pull_request() -> None:
    world = World(plan=a_plan("acme/lib", "acme/app")).executed()
    world.platform.tasks.patch(world.task_id, _only_first(world))
    refused(world, EvidenceMissing, "acme/app")


def _only_first(world: World):  # type: ignore[no-untyped-def]  # the patch's type is not the story
    from slipway.domain.task import TaskPatch

    return TaskPatch(pull_requests=world.task.pull_requests[:1])


def test_a_run_without_a_result_is_missing_evidence() -> None:
    world = World()
    world.awaiting_approval()
    with pytest.raises(EvidenceMissing, match="left no result"):
        delivery_gate(world.task_id, world.platform)


def test_trailers_are_read_from_the_last_paragraph_only() -> None:
    message = "fix: x\n\nSlipway-Task: fake\n\nSlipway-Task: eng-1\nSlipway-Item: 2\n"
    assert read_trailers(message) == {"Slipway-Task": "eng-1", "Slipway-Item": "2"}
    assert BOT.endswith("[bot]")
