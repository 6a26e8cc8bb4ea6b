"""Every way a task ends, and everything that repairs a task that stopped moving."""

from __future__ import annotations

import json

import pytest

from slipway.domain.errors import BudgetExceeded, NeedsHuman, Stopped
from slipway.domain.limits import Limits
from slipway.domain.run import RunInvocation
from slipway.domain.task import InvalidTransition, TaskState
from slipway.services.await_ci import await_ci
from slipway.services.delivery_gate import delivery_gate
from slipway.services.dispatch_tasks import dispatch_tasks
from slipway.services.end_task import end_task, reason_of
from slipway.services.explain import explain
from slipway.services.preflight import preflight
from slipway.services.reconcile import reconcile
from slipway.services.retry_task import retry_task
from slipway.services.stop_task import stop_task
from tests.builders import REPOSITORY, TickingClock, a_platform, a_task, a_ticket, accepted_event
from tests.world import BRANCH, RUNNING, SOURCE, World


@pytest.mark.parametrize(
    ("error", "state"),
    [
        ("NeedsHuman", TaskState.ESCALATED),
        ("ApprovalRejected", TaskState.REJECTED),
        ("ApprovalExpired", TaskState.EXPIRED),
        ("Stopped", TaskState.STOPPED),
        ("EvidenceMissing", TaskState.FAILED),
        ("States.Timeout", TaskState.FAILED),
        ("KeyError", TaskState.FAILED),
    ],
)
def test_the_errors_name_decides_the_end(error: str, state: TaskState) -> None:
    world = World().started()
    assert end_task(world.task_id, error=error, cause="because", platform=world.platform) is state
    assert world.task.state is state
    assert world.platform.tasks.open_for_subject("jira:ENG-1") is None
    assert world.history[-1] == "task_ended"


@pytest.mark.parametrize(
    ("error", "cause", "reason"),
    [
        ("NeedsHuman", json.dumps({"errorMessage": "set a model", "errorType": "NeedsHuman"}), "set a model"),
        ("ApprovalRejected", "rejected by Ada: no", "rejected by Ada: no"),
        ("States.HeartbeatTimeout", "", "the agent stopped reporting and could not be restarted"),
        ("KeyError", "", "KeyError without a message"),
        ("", "", "an unknown error without a message"),
    ],
)
def test_the_reason_is_the_persons_sentence(error: str, cause: str, reason: str) -> None:
    assert reason_of(error, cause) == reason


def test_a_task_ends_once_and_is_told_once() -> None:
    world = World().started()
    end_task(world.task_id, error="Stopped", cause="by Ada", platform=world.platform)
    again = end_task(world.task_id, error="KeyError", cause="late", platform=world.platform)
    assert again is TaskState.STOPPED
    assert world.history.count("task_ended") == 1


def test_stopping_ends_the_workflow_first() -> None:
    world = World().started()
    assert (
        stop_task(world.task_id, actor="Ada", reason="enough", platform=world.platform) is TaskState.STOPPED
    )
    assert world.platform.workflow.causes[world.task_id] == ("Stopped", "stopped by Ada: enough")
    with pytest.raises(InvalidTransition):
        stop_task(world.task_id, actor="Ada", reason="", platform=world.platform)


def test_a_stopped_task_refuses_the_steps_that_were_on_their_way() -> None:
    world = World().executed()
    stop_task(world.task_id, actor="Ada", reason="", platform=world.platform)
    with pytest.raises(InvalidTransition):
        delivery_gate(world.task_id, world.platform)


def test_a_retry_is_one_new_task_for_the_same_ticket() -> None:
    world = World().started()
    with pytest.raises(InvalidTransition, match="stop it"):
        retry_task(world.task_id, actor="Ada", platform=world.platform)
    stop_task(world.task_id, actor="Ada", reason="", platform=world.platform)
    first = retry_task(world.task_id, actor="Ada", platform=world.platform)
    second = retry_task(world.task_id, actor="Ada", platform=world.platform)
    assert (first.outcome, second.outcome) == ("accepted", "duplicate_delivery")
    assert first.task_id == second.task_id != world.task_id
    assert dispatch_tasks(world.platform) == [first.task_id]


def test_a_label_taken_off_before_the_start_stops_the_task() -> None:
    world = World()
    world.file()
    world.platform.tracker.tickets["ENG-1"] = a_ticket(labels=())
    with pytest.raises(Stopped, match="AI was removed"):
        preflight(world.task_id, world.platform)


def test_a_budget_used_up_spends_nothing_more() -> None:
    world = World(platform=a_platform(limits=Limits(task_budget_usd=1.0)))
    world.file()
    world.platform.event_log.add_cost(world.task_id, 1.0)
    with pytest.raises(BudgetExceeded, match=r"\$1\.00 of \$1\.00"):
        preflight(world.task_id, world.platform)


def test_an_empty_connection_needs_a_person_before_anything_is_spent() -> None:
    from slipway.adapters.memory.secrets import MemorySecrets

    world = World()
    world.file()
    object.__setattr__(world.platform, "secrets", MemorySecrets())
    with pytest.raises(NeedsHuman, match="github"):
        preflight(world.task_id, world.platform)
    assert not world.platform.runtimes.sessions


def test_no_checks_are_never_green_while_a_workflow_exists() -> None:
    clock = TickingClock()
    world = World(platform=a_platform(clock=clock))
    token = world.awaiting_ci()
    clock.pass_time(hours=1)
    reconcile(world.platform)
    assert token in world.platform.step_tokens.open


def test_a_push_by_someone_else_while_ci_runs_needs_a_person() -> None:
    world = World()
    token = world.awaiting_ci()
    world.platform.forge.commit(REPOSITORY, BRANCH, {SOURCE: "x\n"}, message="mine", author="grace")
    reconcile(world.platform)
    assert world.platform.step_tokens.failures[token][0] == "NeedsHuman"


def test_a_retried_wait_keeps_its_place_and_takes_the_new_token() -> None:
    world = World()
    world.awaiting_ci()
    world.checks(RUNNING)
    again = world.token()
    await_ci(world.task_id, again, world.platform)
    wait = world.platform.ci_waits.get(world.task_id)
    assert wait is not None
    assert wait.task_token == again
    assert world.history.count("ci_waited") == 1


def test_a_lost_stream_record_is_made_up_for() -> None:
    world = World()
    world.file()
    assert reconcile(world.platform) == {"started": 1}


def test_a_claim_without_a_workflow_is_started_later() -> None:
    clock = TickingClock()
    world = World(platform=a_platform(clock=clock))
    world.file()
    world.platform.tasks.claim(world.task_id, slots=10)
    assert reconcile(world.platform) == {}
    clock.pass_time(minutes=1)
    assert reconcile(world.platform) == {"repaired": 1}
    assert world.platform.workflow.status(world.task_id) == "running"


def test_a_task_whose_workflow_died_ends_with_its_reason() -> None:
    clock = TickingClock()
    world = World(platform=a_platform(clock=clock)).started()
    world.platform.workflow.statuses[world.task_id] = "failed"
    world.platform.workflow.causes[world.task_id] = ("States.ServiceRestart", "")
    clock.pass_time(minutes=1)
    assert reconcile(world.platform) == {"repaired": 1}
    assert (world.task.state, world.task.reason) == (
        TaskState.FAILED,
        "its workflow ended (States.ServiceRestart) while the task was starting; retry the task",
    )


def test_a_leaked_slot_does_not_keep_others_from_starting() -> None:
    world = World()
    world.platform.tasks.slots.add("gone-1-00000001")
    world.file()
    assert dispatch_tasks(world.platform) == [world.task_id]


def test_a_busy_repository_lets_others_go_first() -> None:
    platform = a_platform(limits=Limits(max_running_per_repository=1))
    for number, repository in ((1, "acme/a"), (2, "acme/a"), (3, "acme/b")):
        task = a_task(f"eng-{number}-00000001", repositories=(repository,))
        platform.tasks.accept(task, delivery_id=task.id, event=accepted_event(task))
    assert dispatch_tasks(platform) == ["eng-1-00000001", "eng-3-00000001"]


def test_a_leaked_slot_is_freed() -> None:
    world = World()
    world.platform.tasks.slots.add("gone-1-00000001")
    assert reconcile(world.platform) == {"slots": 1}


@pytest.mark.parametrize(
    ("reach", "why", "can"),
    [
        (World.file, "queued", "stop"),
        (World.started, "checked", "stop"),
        (World.planned, "Planning", "stop"),
        (World.awaiting_approval, "waits for a person", "approve"),
        (World.executed, "Execution", "stop"),
        (World.awaiting_ci, "waits for CI", "stop"),
    ],
)
def test_every_open_state_explains_itself(reach: object, why: str, can: str) -> None:
    world = World()
    assert callable(reach)
    reach(world)
    said = explain(world.task_id, world.platform)
    assert why in said.why
    assert said.next.startswith("Next: ")
    assert any(can in line for line in said.you_can)


def test_an_ended_task_explains_why_and_how_to_try_again() -> None:
    world = World().started()
    end_task(world.task_id, error="NeedsHuman", cause="no model.", platform=world.platform)
    said = explain(world.task_id, world.platform)
    assert said.why == "ENG-1 ended as escalated: no model."
    assert "retry" in said.you_can[0]


def test_the_same_attempt_reaches_the_same_session() -> None:
    world = World()
    world.planned()
    sessions: list[RunInvocation] = [one for _, one in world.platform.runtimes.sessions.values()]
    assert [(one.step, one.attempt) for one in sessions] == [("discover", 1), ("plan", 1)]
