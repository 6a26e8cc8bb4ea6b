"""What states and streams send to the Lambdas, and what they get back."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from agents.cicd.contract import CiFixRequest
from agents.execution.contract import ExecutionRequest
from agents.planning.contract import PlanningRequest
from lambdas import process
from lambdas.dispatch_tasks.handler import queued
from slipway.domain import artifact_keys
from slipway.domain.camel import Contract
from slipway.domain.errors import EvidenceMissing, InvalidInput
from slipway.domain.intake.decisions import CiSignal
from slipway.domain.step import Step
from slipway.domain.task import TaskState
from slipway.services.decide_approval import DecisionOrder, decide_approval
from slipway.services.on_ci_signal import on_ci_signal
from tests.builders import REPOSITORY, a_discovery, a_platform
from tests.world import GREEN, RED, World

FOLDERS = sorted(path.parent.name for path in Path("lambdas").glob("*/handler.py"))


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    for folder in FOLDERS:
        module = importlib.import_module(f"lambdas.{folder}.handler")
        if hasattr(module, "platform"):
            monkeypatch.setattr(module, "platform", lambda: world.platform)
    return world


def call(folder: str, event: Mapping[str, object]) -> dict[str, object]:
    answer: dict[str, object] = importlib.import_module(f"lambdas.{folder}.handler").handler(event, None)
    json.dumps(answer)
    return answer


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_folder_has_its_handler_and_says_what_it_is(folder: str) -> None:
    module = importlib.import_module(f"lambdas.{folder}.handler")
    assert callable(module.handler)
    assert module.__doc__


def test_importing_a_handler_makes_no_client_and_reads_no_setting() -> None:
    assert process.platform.cache_info().currsize == 0


def run(world: World, step: Step, answer: Contract, *, round_number: int = 0) -> None:
    """The state's Lambda, then the agent's record."""
    token = world.token()
    event = {"task_id": world.task_id, "step": str(step), "attempt": 1, "task_token": token}
    assert call("invoke_agent", event | ({"round": round_number} if round_number else {})) == {
        "status": "accepted"
    }
    world.platform.runtimes.sessions.clear()
    world.run(step, answer, round_number=round_number)


def test_the_states_lambdas_carry_a_ticket_to_done(world: World) -> None:
    world.file()
    image = {"state": {"S": "queued"}}
    record = {"dynamodb": {"Keys": {"pk": {"S": f"TASK#{world.task_id}"}}, "NewImage": image}}
    assert call("dispatch_tasks", {"Records": [record]}) == {"started": [world.task_id]}
    task = {"task_id": world.task_id}
    assert call("preflight", dict(task)) == task
    run(world, Step.DISCOVER, a_discovery())
    run(world, Step.PLAN, world.published())
    call("request_approval", task | {"task_token": world.token()})
    decide_approval(
        DecisionOrder(task_id=world.task_id, decision="approve", actor="Ada", channel="cli"), world.platform
    )
    run(world, Step.EXECUTE, world.execution())
    gate = call("delivery_gate", dict(task))
    assert gate["pull_requests"] == [{"repository": REPOSITORY, "number": 1, "head_sha": world.head()}]
    world.checks(GREEN)
    call("await_ci", task | {"task_token": world.token()})
    assert call("finish_task", dict(task)) == task | {"state": "done"}
    assert call("reconcile", {}) == {}
    assert world.task.state is TaskState.DONE


def test_a_failed_step_ends_the_task_by_its_error(world: World) -> None:
    world.file()
    cause = json.dumps({"errorMessage": "needs a language model", "errorType": "NeedsHuman"})
    answer = call("end_task", {"task_id": world.task_id, "error": {"Error": "NeedsHuman", "Cause": cause}})
    assert answer == {"task_id": world.task_id, "state": "escalated"}
    assert world.task.reason == "needs a language model"


def test_only_queued_tasks_of_the_stream_are_looked_at() -> None:
    ended = {"dynamodb": {"Keys": {"pk": {"S": "TASK#a"}}, "NewImage": {"state": {"S": "done"}}}}
    removed = {"dynamodb": {"Keys": {"pk": {"S": "TASK#b"}}}}
    assert list(queued({"Records": [ended, removed, "noise"]})) == []


def test_a_state_that_sends_no_token_is_refused(world: World) -> None:
    with pytest.raises(InvalidInput, match="task_token"):
        call("request_approval", {"task_id": "eng-1-00000001"})


def request_of(world: World, step: str, model: type[Contract]) -> Contract:
    body = world.platform.artifacts.get(artifact_keys.run_request(world.task_id, step, 1))
    return model.model_validate_json(body)


def test_requests_fit_the_agents_contracts(world: World) -> None:
    world.executed()
    planning = request_of(world, "plan", PlanningRequest)
    assert isinstance(planning, PlanningRequest)
    assert (planning.discovery, planning.jira_cloud_id) == (a_discovery(), "cloud")
    assert world.task.repositories == (REPOSITORY,)
    execution = request_of(world, "execute", ExecutionRequest)
    assert isinstance(execution, ExecutionRequest)
    assert (execution.plan, execution.plan_hash) == (world.plan, world.task.plan_hash)
    assert execution.pull_requests[0].branch.startswith("feature/")


def test_a_repair_is_asked_for_the_red_pull_request_with_its_checks(world: World) -> None:
    world.awaiting_ci()
    world.checks(RED)
    signal = CiSignal(
        delivery_id="d", repository=REPOSITORY, head_sha=world.head(), pull_requests=(1,), failed=True
    )
    on_ci_signal(signal, world.platform)
    event = {
        "task_id": world.task_id,
        "step": "fix_ci",
        "attempt": 1,
        "round": 1,
        "task_token": world.token(),
    }
    call("invoke_agent", event)
    asked = request_of(world, "fix_ci_1", CiFixRequest)
    assert isinstance(asked, CiFixRequest)
    assert (asked.round, asked.report.state, asked.pull_request.number) == (1, "failure", 1)


def test_a_repair_of_nothing_is_refused(world: World) -> None:
    world.executed()
    event = {
        "task_id": world.task_id,
        "step": "fix_ci",
        "attempt": 1,
        "round": 1,
        "task_token": world.token(),
    }
    with pytest.raises(EvidenceMissing, match="nothing to repair"):
        call("invoke_agent", event)


def test_a_snapshot_is_stored_once_per_commit(world: World) -> None:
    first = call("repositories_tool", {"repository": REPOSITORY})
    world.platform.artifacts.objects[str(first["key"])] = b"kept"
    assert call("repositories_tool", {"repository": REPOSITORY, "ref": str(first["sha"])}) == first
    assert world.platform.artifacts.objects[str(first["key"])] == b"kept"


@pytest.mark.parametrize("repository", ["pricing", "acme/../x", "acme/a/b", 7, None])
def test_a_snapshot_needs_a_repositorys_name(world: World, repository: object) -> None:
    with pytest.raises(InvalidInput):
        call("repositories_tool", {"repository": repository})


def test_health_answers_without_touching_anything() -> None:
    answer = call("health", {})
    assert answer["statusCode"] == 200
    assert json.loads(str(answer["body"]))["status"] == "ok"
    assert a_platform().metrics.values == []
