"""Who is served when, what people are told while they wait, and what holds the queue."""

from __future__ import annotations

from datetime import timedelta

import pytest

from slipway.domain.limits import Limits
from slipway.domain.queue import starts_in, typical_time
from slipway.domain.task import TaskState
from slipway.domain.ticket import Priority
from slipway.ports.platform import Platform
from slipway.services.decide_approval import DecisionOrder, decide_approval
from slipway.services.dispatch_tasks import dispatch_tasks
from slipway.services.explain import explain
from slipway.services.queue_place import queue_place
from slipway.services.reconcile import reconcile
from tests.builders import REPOSITORY, START, TickingClock, a_platform, a_task, accepted_event
from tests.world import World


def queue(platform: Platform, *task_ids: str, priority: Priority = Priority.MEDIUM) -> None:
    for number, task_id in enumerate(task_ids):
        task = a_task(task_id, priority=priority, created_at=START + timedelta(seconds=number))
        platform.tasks.accept(task, delivery_id=task_id, event=accepted_event(task))


def ids(count: int) -> list[str]:
    return [f"eng-{number}-00000001" for number in range(1, count + 1)]


def finished(platform: Platform, count: int, *, minutes: int, clock: TickingClock) -> None:
    """Tasks that took so long from the queue to their end."""
    for number in range(count):
        task = a_task(f"old-{number}-00000001")
        platform.tasks.accept(task, delivery_id=task.id, event=accepted_event(task))
        platform.tasks.claim(task.id, slots=100)
        clock.pass_time(minutes=minutes)
        platform.tasks.end(task.id, TaskState.DONE, reason="green")


def test_a_place_is_a_position_and_a_time_once_enough_tasks_have_finished() -> None:
    clock = TickingClock()
    platform = a_platform(clock=clock, limits=Limits(max_running_tasks=1))
    queue(platform, *ids(4))
    assert dispatch_tasks(platform) == ids(1)
    third = platform.tasks.get("eng-4-00000001")
    assert str(queue_place(third, platform)) == "number 3 of 3 in the queue"
    finished(platform, 3, minutes=20, clock=clock)
    clock.now = START + timedelta(minutes=5)
    said = str(queue_place(third, platform))
    assert said.startswith("number 3 of 3 in the queue; starts in about ")
    assert "number" in explain(third.id, platform).why


def test_the_time_to_wait_counts_every_slot_that_comes_free() -> None:
    running = [a_task().model_copy(update={"started_at": START - timedelta(minutes=m)}) for m in (8, 2)]
    typical = timedelta(minutes=10)

    def waits(position: int, slots: int = 2) -> float:
        found = starts_in(position, running=running, slots=slots, typical=typical, now=START)
        return found.total_seconds() / 60

    assert [waits(position) for position in (1, 2, 3)] == [2, 8, 12]
    assert waits(1, slots=3) == 0, "a slot is free"
    assert waits(1, slots=1) == 8, "fewer slots than run: the last one to end frees it"


def test_two_finished_tasks_teach_nothing_about_time() -> None:
    ended = a_task().model_copy(update={"started_at": START, "ended_at": START + timedelta(minutes=4)})
    assert typical_time([ended, ended]) is None
    assert typical_time([ended] * 3) == timedelta(minutes=4)


def test_the_people_of_a_queued_task_are_told_its_place_and_again_only_when_it_changes() -> None:
    clock = TickingClock()
    platform = a_platform(clock=clock, limits=Limits(max_running_tasks=1))
    queue(platform, *ids(3))
    dispatch_tasks(platform)
    platform.workflow.start("eng-1-00000001", input_json="{}")
    clock.pass_time(minutes=1)
    assert reconcile(platform)["told"] == 2
    assert "number 2 of 2 in the queue" in platform.tracker.comments["ENG-3"]["1"]
    assert [text for text in platform.chat.messages.values() if "ENG-3" in text]
    clock.pass_time(minutes=1)
    assert "told" not in reconcile(platform)
    platform.tasks.end("eng-1-00000001", TaskState.DONE, reason="green")
    clock.pass_time(minutes=1)
    assert reconcile(platform) == {"started": 1, "told": 1}
    assert "number 1 of 1 in the queue" in platform.tracker.comments["ENG-3"]["1"]
    assert len([text for text in platform.chat.messages.values() if "ENG-3" in text]) == 1


def test_over_the_cap_nothing_is_lost_or_failed() -> None:
    platform = a_platform(limits=Limits(max_running_tasks=2))
    queue(platform, *ids(7))
    served: list[str] = []
    while started := dispatch_tasks(platform):
        assert len(platform.tasks.running()) <= 2
        served += started
        for task_id in started:
            platform.tasks.end(task_id, TaskState.DONE, reason="green")
    assert served == ids(7)


def test_a_ticket_that_names_its_repository_waits_for_it_before_discovery() -> None:
    world = World(platform=a_platform(limits=Limits(max_running_per_repository=1)))
    other = a_task("oth-1-00000001", repositories=(REPOSITORY,))
    world.platform.tasks.accept(other, delivery_id="o", event=accepted_event(other))
    dispatch_tasks(world.platform)
    world.ticket = world.ticket.model_copy(update={"description": f"Repository: {REPOSITORY}\n\nBroken."})
    world.file()
    assert dispatch_tasks(world.platform) == []
    world.platform.tasks.end(other.id, TaskState.DONE, reason="green")
    assert dispatch_tasks(world.platform) == [world.task_id]


def approve(world: World) -> str:
    order = DecisionOrder(task_id=world.task_id, decision="approve", actor="Ada", channel="cli")
    return decide_approval(order, world.platform)


@pytest.fixture
def full() -> tuple[World, TickingClock, str]:
    """A plan that waits for approval while another task has the only place in its repository."""
    clock = TickingClock()
    world = World(platform=a_platform(clock=clock, limits=Limits(max_running_per_repository=1)))
    other = a_task("oth-1-00000001", repositories=(REPOSITORY,))
    world.platform.tasks.accept(other, delivery_id="o", event=accepted_event(other))
    assert world.platform.tasks.take_places(other.id, (REPOSITORY,), places=1)
    return world, clock, world.awaiting_approval()


def test_an_approved_plan_waits_while_its_repository_is_full(full: tuple[World, TickingClock, str]) -> None:
    world, _, token = full
    assert f"waits for its turn in {REPOSITORY}" in approve(world)
    assert reconcile(world.platform).get("repaired") is None
    assert token in world.platform.step_tokens.open
    assert f"waits for its turn in {REPOSITORY}" in explain(world.task_id, world.platform).why
    world.platform.tasks.end("oth-1-00000001", TaskState.DONE, reason="green")
    assert reconcile(world.platform)["repaired"] == 1
    assert token in world.platform.step_tokens.outputs
    assert world.platform.tasks.holders(REPOSITORY) == frozenset({world.task_id})


def test_a_full_repository_makes_no_approved_plan_expire(full: tuple[World, TickingClock, str]) -> None:
    world, clock, token = full
    approve(world)
    clock.pass_time(hours=23, minutes=55)
    reconcile(world.platform)
    assert token in world.platform.step_tokens.outputs


def test_a_full_repository_delays_no_rejection(full: tuple[World, TickingClock, str]) -> None:
    world, _, token = full
    decide_approval(
        DecisionOrder(task_id=world.task_id, decision="reject", actor="Ada", channel="cli", reason="no"),
        world.platform,
    )
    assert token in world.platform.step_tokens.failures
