"""For every state in which a task can stop moving: what the reconciler does about it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from slipway.domain.errors import UpstreamUnavailable
from slipway.domain.task import TERMINAL, TaskState
from slipway.services.decide_approval import DecisionOrder, decide_approval
from slipway.services.reconcile import CHECKS, reconcile
from tests.builders import TickingClock, a_platform
from tests.world import GREEN, World

AT_WORK = [
    TaskState.DISCOVERING,
    TaskState.PLANNING,
    TaskState.EXECUTING,
    TaskState.CHECKING_DELIVERY,
    TaskState.FIXING_CI,
    TaskState.FINISHING,
]


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
def world(clock: TickingClock) -> World:
    return World(platform=a_platform(clock=clock))


def test_no_state_is_without_a_check() -> None:
    assert set(CHECKS) == set(TaskState) - TERMINAL - {TaskState.QUEUED}


def test_queued_a_lost_stream_record_starts_it(world: World) -> None:
    world.file()
    assert reconcile(world.platform) == {"started": 1}
    assert world.platform.workflow.status(world.task_id) == "running"


def test_starting_a_workflow_that_was_never_started_is(world: World, clock: TickingClock) -> None:
    world.file()
    world.platform.tasks.claim(world.task_id, slots=1)
    clock.pass_time(minutes=1)
    assert reconcile(world.platform) == {"repaired": 1}
    assert world.platform.workflow.status(world.task_id) == "running"


@pytest.mark.parametrize("state", [TaskState.STARTING, *AT_WORK])
def test_a_dead_workflow_ends_the_task_with_its_reason(
    state: TaskState, world: World, clock: TickingClock
) -> None:
    world.started()
    world.platform.tasks.move(world.task_id, state)
    world.platform.workflow.statuses[world.task_id] = "timed_out"
    assert reconcile(world.platform) == {}, "its last step may be about to end the task"
    clock.pass_time(minutes=1)
    assert reconcile(world.platform) == {"repaired": 1}
    assert world.task.state is TaskState.FAILED
    assert f"while the task was {state}" in (world.task.reason or "")


@pytest.mark.parametrize("state", AT_WORK)
def test_a_lost_workflow_ends_the_task(state: TaskState, world: World, clock: TickingClock) -> None:
    world.started()
    world.platform.tasks.move(world.task_id, state)
    del world.platform.workflow.statuses[world.task_id]
    clock.pass_time(minutes=1)
    assert reconcile(world.platform) == {"repaired": 1}
    assert world.task.state is TaskState.FAILED


@pytest.mark.parametrize("state", AT_WORK)
def test_work_that_goes_on_is_left_alone(state: TaskState, world: World, clock: TickingClock) -> None:
    world.started()
    world.platform.tasks.move(world.task_id, state)
    clock.pass_time(hours=1)
    assert reconcile(world.platform) == {}


def test_awaiting_approval_a_decision_that_was_not_told_is_told(world: World) -> None:
    token = world.awaiting_approval()
    world.platform.step_tokens.open.clear()
    order = DecisionOrder(task_id=world.task_id, decision="approve", actor="Ada", channel="cli")
    decide_approval(order, world.platform)
    world.platform.step_tokens.issue(token)
    assert reconcile(world.platform) == {"repaired": 1}
    assert token in world.platform.step_tokens.outputs


def test_awaiting_approval_people_are_reminded_at_half_time(world: World, clock: TickingClock) -> None:
    world.awaiting_approval()
    clock.pass_time(hours=13)
    assert reconcile(world.platform) == {"reminded": 1}
    assert reconcile(world.platform) == {}


def test_awaiting_ci_a_lost_webhook_is_made_up_for(world: World) -> None:
    token = world.awaiting_ci()
    world.checks(GREEN)
    assert reconcile(world.platform) == {"ci": 1}
    assert token in world.platform.step_tokens.outputs


@pytest.mark.parametrize("reach", [World.awaiting_approval, World.awaiting_ci])
def test_a_waiting_task_whose_workflow_died_ends(
    reach: Callable[[World], str], world: World, clock: TickingClock
) -> None:
    reach(world)
    world.platform.workflow.statuses[world.task_id] = "failed"
    clock.pass_time(minutes=1)
    assert reconcile(world.platform) == {"repaired": 1}
    assert world.task.state is TaskState.FAILED


def test_the_trouble_of_one_task_keeps_no_other_from_its_repair(world: World, clock: TickingClock) -> None:
    world.awaiting_ci()
    forge = world.platform.forge

    class Down(type(forge)):  # type: ignore[misc]  # the class of this very instance
        def pull_request(self, repository: str, number: int) -> object:
            raise UpstreamUnavailable("GitHub did not answer")

    object.__setattr__(world.platform, "forge", Down())
    world.platform.tasks.slots.add("gone-1-00000001")
    assert reconcile(world.platform) == {"failed: UpstreamUnavailable": 1, "slots": 1}
