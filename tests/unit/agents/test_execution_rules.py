"""What the execution agent's tools refuse a language model, whatever it tries."""

from __future__ import annotations

from agents.execution.agent import AGENT
from agents.execution.contract import ExecutionRequest, ExecutionResponse
from slipway.agentkit.play import ToolCall
from slipway.agentkit.testing import Script, Turn
from slipway.domain.plan import (
    Architecture,
    Component,
    Plan,
    PlanTask,
    Scope,
    TestCase,
    TestStrategy,
)
from slipway.domain.run import RunRecord
from slipway.domain.task import PullRequest
from tests.unit.agents.world import CRASH, PRICE, TASK_ID, TEST_PRICE, World

REPOSITORY = "acme/shop"
BRANCH = "feature/shop-7"
RED = "pytest -q tests/test_price.py"
NEW_TEST = TEST_PRICE + "\n\ndef test_empty() -> None:\n    assert mean([]) == 0\n"
FIXED = PRICE.replace("    return", "    if not prices:\n        return 0\n    return")
PLAN = Plan(
    ticket_key="SHOP-7",
    title="Empty cart",
    summary="Guard it.",
    scope=Scope(in_scope=("mean",)),
    architecture=Architecture(
        components=(Component(repository=REPOSITORY, path="src/shop/price.py", responsibility="mean"),),
        data_flow="in, out",
    ),
    test_strategy=TestStrategy(
        unit_tests=(TestCase(repository=REPOSITORY, path="tests/test_price.py", description="empty cart"),)
    ),
    tasks=(
        PlanTask(
            id=1,
            repository=REPOSITORY,
            description="guard an empty cart",
            files=("tests/test_price.py", "src/shop/price.py"),
            estimated_hours=1,
        ),
    ),
    rollback="revert",
)


def call(name: str, **arguments: object) -> ToolCall:
    return ToolCall(name, dict(arguments))  # type: ignore[arg-type]  # test data is JSON


def write(path: str, content: str) -> ToolCall:
    return call("write_file", repository=REPOSITORY, path=path, content=content)


TEST_FIRST = write("tests/test_price.py", NEW_TEST)
THEN_FIX = write("src/shop/price.py", FIXED)
RUN_RED = call("run_red", task_id=1, command=RED)
RUN_GREEN = call("run_green", task_id=1, command=RED)
COMMIT = call("commit", task_id=1, message="fix: treat an empty cart as free")
ANSWER = call("ExecutionAnswer", summary="Guarded.")


async def play(world: World, *calls: ToolCall) -> tuple[RunRecord, list[str]]:
    """Each call in a turn of its own; the record and what each tool said."""
    repository = world.gateway.repositories[REPOSITORY]
    if BRANCH not in repository.branches:
        repository.branches[BRANCH] = list(repository.branches["main"])
        repository.commit(BRANCH, {"PLAN.md": "# plan\n"}, f"docs: plan\n\nSlipway-Task: {TASK_ID}")
    script = Script([Turn(calls=[each]) for each in (*calls, ANSWER)])
    request = ExecutionRequest(
        task_id=TASK_ID,
        ticket=CRASH,
        plan=PLAN,
        plan_hash="0" * 64,
        pull_requests=(PullRequest(repository=REPOSITORY, number=1, url="http://x", branch=BRANCH),),
    )
    record = await world.run(AGENT, "execute", request, models=script.source())
    return record, [str(shown.messages[-1]) for shown in script.shown[1:]]


def commits(world: World) -> int:
    return world.gateway.calls.count("github___push_files")


async def test_red_then_green_then_commit_works(world: World) -> None:
    record, said = await play(world, TEST_FIRST, RUN_RED, THEN_FIX, RUN_GREEN, COMMIT)
    assert record.status == "succeeded", said
    result = ExecutionResponse.model_validate(record.response)
    assert [check.phase for check in result.evidence] == ["red", "green", "green"]
    assert result.attempts == {"1": 1}
    assert result.summary == "Guarded."


async def test_the_fix_is_set_aside_for_the_red_run(world: World) -> None:
    record, said = await play(world, TEST_FIRST, THEN_FIX, RUN_RED, RUN_GREEN, COMMIT)
    assert record.status == "succeeded", said


async def test_a_commit_without_proof_is_refused(world: World) -> None:
    record, said = await play(world, TEST_FIRST, THEN_FIX, COMMIT)
    assert "EvidenceMissing" in said[2]
    assert commits(world) == 0
    assert record.error == "EvidenceMissing"


async def test_an_edit_after_the_green_run_needs_a_new_one(world: World) -> None:
    later = write("src/shop/price.py", FIXED.replace("return 0", "return 0.0"))
    _, said = await play(world, TEST_FIRST, RUN_RED, THEN_FIX, RUN_GREEN, later, COMMIT)
    assert "have no red and green run" in said[5]
    assert commits(world) == 0


async def test_another_test_after_the_red_run_needs_a_new_one(world: World) -> None:
    other = write("tests/test_price.py", NEW_TEST.replace("== 0", "== 0.0"))
    _, said = await play(world, TEST_FIRST, RUN_RED, other, THEN_FIX, RUN_GREEN)
    assert "no red run with these tests" in said[4]


async def test_a_test_that_passes_before_the_change_is_not_red(world: World) -> None:
    trivial = write(
        "tests/test_price.py", TEST_PRICE + "\n\ndef test_one() -> None:\n    assert mean([1]) == 1\n"
    )
    _, said = await play(world, trivial, RUN_RED)
    assert "passes before the change" in said[1]


async def test_a_test_that_cannot_be_parsed_is_not_red(world: World) -> None:
    _, said = await play(world, write("tests/test_price.py", "def test_x(:\n"), RUN_RED)
    assert "cannot be parsed" in said[1]


async def test_a_path_without_tests_is_not_red(world: World) -> None:
    _, said = await play(
        world, TEST_FIRST, call("run_red", task_id=1, command="pytest -q tests/test_prize.py")
    )
    assert "pytest refused the command line" in said[1]


async def test_a_fix_that_breaks_the_rest_of_the_suite_is_not_green(world: World) -> None:
    breaking = write("src/shop/price.py", PRICE.replace("sum(prices) / len(prices)", "0"))
    only_new = call("run_green", task_id=1, command=f"{RED}::test_empty")
    _, said = await play(world, TEST_FIRST, RUN_RED, breaking, only_new)
    assert "fails with the change" in said[3]
    assert "2 attempts left" in said[3]


async def test_a_failure_that_was_there_before_does_not_count(world: World) -> None:
    world.gateway.repositories[REPOSITORY].commit(
        "main", {"tests/test_other.py": "def test_broken() -> None:\n    assert False\n"}, "break"
    )
    record, said = await play(world, TEST_FIRST, RUN_RED, THEN_FIX, RUN_GREEN, COMMIT)
    assert record.status == "succeeded", said


async def test_a_fourth_attempt_is_refused(world: World) -> None:
    tries = [
        each
        for number in range(4)
        for each in (write("src/shop/price.py", f"{PRICE}\n# try {number}\n"), RUN_GREEN)
    ]
    _, said = await play(world, TEST_FIRST, RUN_RED, *tries)
    assert "used its 3 attempts" in said[9]
    assert commits(world) == 0


async def test_a_file_that_the_plan_does_not_name_is_refused(world: World) -> None:
    extra = write("src/shop/extra.py", "X = 1\n")
    _, said = await play(world, TEST_FIRST, RUN_RED, THEN_FIX, extra, RUN_GREEN, COMMIT)
    assert "does not name src/shop/extra.py" in said[5]
    assert commits(world) == 0


async def test_a_workflow_file_is_refused(world: World) -> None:
    workflow = write(".github/workflows/ci.yml", "name: none\n")
    _, said = await play(world, TEST_FIRST, RUN_RED, THEN_FIX, workflow, RUN_GREEN, COMMIT)
    assert ".github/workflows/ci.yml is protected" in said[5]


async def test_a_weakened_test_is_refused(world: World) -> None:
    weaker = write(
        "tests/test_price.py",
        NEW_TEST.replace("assert mean([1, 3]) == 2", "mean([1, 3])").replace(
            "assert mean([]) == 0", "mean([])"
        ),
    )
    _, said = await play(world, weaker, RUN_RED, THEN_FIX, RUN_GREEN, COMMIT)
    assert "weakens tests" in said[4]
    assert commits(world) == 0


async def test_a_branch_that_somebody_moved_is_not_overwritten(world: World) -> None:
    repository = world.gateway.repositories[REPOSITORY]
    original = world.gateway.call

    def moving(name: str, arguments: object) -> object:
        if name == "github___list_commits" and "github___list_commits" in world.gateway.calls:
            repository.commit(BRANCH, {"note.txt": "mine"}, "a person's work")
        return original(name, arguments)  # type: ignore[arg-type]  # passes on what it was given

    world.gateway.call = moving  # type: ignore[method-assign, assignment]  # a person acts in between
    _, said = await play(world, TEST_FIRST, RUN_RED, THEN_FIX, RUN_GREEN, COMMIT)
    assert "Conflict" in said[4]
    assert commits(world) == 0


async def test_giving_up_goes_to_a_person(world: World) -> None:
    record, _ = await play(world, call("give_up", task_id=1, reason="the price of nothing is undefined"))
    assert record.status == "needs_human"
    assert "the price of nothing is undefined" in (record.error_message or "")


async def test_a_run_that_stops_early_is_not_done(world: World) -> None:
    record, _ = await play(world)
    assert record.error == "EvidenceMissing"


async def test_a_path_outside_the_repository_is_refused(world: World) -> None:
    _, said = await play(world, write("../x.py", ""), write(".git/config", ""))
    assert all("not a path inside" in each for each in said[:2])


async def test_a_patch_and_a_replacement_edit_like_writing(world: World) -> None:
    patch = (
        "--- a/src/shop/price.py\n+++ b/src/shop/price.py\n@@ -4,2 +4,4 @@\n"
        " def mean(prices: list[int]) -> float:\n+    if not prices:\n+        return 0\n"
        "     return sum(prices) / len(prices)\n"
    )
    patching = call("apply_patch", repository=REPOSITORY, patch=patch)
    replacing = call(
        "replace_text", repository=REPOSITORY, path="tests/test_price.py", old=TEST_PRICE, new=NEW_TEST
    )
    record, said = await play(world, replacing, RUN_RED, patching, RUN_GREEN, COMMIT)
    assert record.status == "succeeded", said


async def test_commands_do_not_see_what_others_left_behind(world: World) -> None:
    _, said = await play(
        world,
        call("run_command", repository=REPOSITORY, command="echo x > left.txt; ls left.txt"),
        call("run_command", repository=REPOSITORY, command="ls left.txt"),
    )
    assert '"exitCode":0' in said[0]
    assert '"exitCode":0' not in said[1]
