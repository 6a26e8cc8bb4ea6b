"""Stopping at once, holding the queue, letting it go on: also when what should help is broken."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from slipway.adapters.memory.chat import MemoryChat
from slipway.adapters.memory.runtimes import MemoryRuntimes
from slipway.adapters.memory.workflow import MemoryWorkflow
from slipway.domain.errors import Stopped, UpstreamUnavailable
from slipway.domain.session import running_session
from slipway.domain.step import Step
from slipway.domain.task import TaskState
from slipway.ports.chat import MessageRef
from slipway.services import panic
from slipway.services.carry_out_command import Person, carry_out_command
from slipway.services.dispatch_tasks import dispatch_tasks
from slipway.services.preflight import preflight
from slipway.services.reconcile import reconcile
from slipway.services.stop_task import stop_task
from tests.builders import TickingClock, a_discovery, a_platform, a_task, accepted_event
from tests.world import World


def a_queued(world: World, task_id: str = "eng-2-00000001") -> str:
    task = a_task(task_id)
    world.platform.tasks.accept(task, delivery_id=task_id, event=accepted_event(task))
    return task_id


def test_while_draining_tasks_are_accepted_and_wait_and_running_ones_finish() -> None:
    world = World().started()
    assert panic.drain(world.platform, actor="olive", reason="deploying")
    waiting = a_queued(world)
    assert dispatch_tasks(world.platform, seen=[waiting]) == []
    assert "started" not in reconcile(world.platform)
    world.run(Step.DISCOVER, a_discovery())
    assert world.task.state is TaskState.DISCOVERING
    started, told = panic.resume(world.platform, actor="olive")
    assert (started, told) == ([waiting], True)
    assert [
        text for text in world.platform.chat.messages.values() if "olive holds the queue: deploying" in text
    ]
    assert "olive let the queue go on; 1 tasks started." in world.platform.chat.messages.values()


def test_the_people_of_a_held_task_learn_that_it_is_held_and_why() -> None:
    clock = TickingClock()
    world = World(platform=a_platform(clock=clock))
    panic.drain(world.platform, actor="olive", reason="deploying")
    world.file()
    clock.pass_time(minutes=1)
    reconcile(world.platform)
    (comment,) = world.platform.tracker.comments["ENG-1"].values()
    assert "nothing starts now (draining since" in comment
    assert "by olive: deploying" in comment
    person = Person(name="Ada", channel="slack", may_decide=True)
    answer = carry_out_command("list", "", person=person, platform=world.platform)
    assert answer.startswith("the queue is draining")


def test_stopping_all_ends_what_runs_and_holds_what_waits() -> None:
    world = World().planned()
    waiting = a_queued(world)
    results, told = panic.stop_all(world.platform, actor="olive", reason="wrong model")
    assert told
    assert [(one.task_id, one.state, one.problem) for one in results] == [
        (world.task_id, TaskState.STOPPED, "")
    ]
    assert world.task.reason == "stopped by olive: wrong model"
    assert world.platform.tasks.running() == frozenset()
    assert world.platform.tasks.get(waiting).state is TaskState.QUEUED
    assert dispatch_tasks(world.platform) == []


def test_a_task_that_slipped_in_while_all_are_stopped_is_stopped_too() -> None:
    @dataclass(frozen=True)
    class LateStart(MemoryWorkflow):
        """A dispatcher that had read the old order claims a task just now."""

        late: list[str] = field(default_factory=list)

        def stop(self, task_id: str, *, error: str, cause: str) -> None:
            while self.late:
                assert world.platform.tasks.claim(self.late.pop(), slots=10)
            super().stop(task_id, error=error, cause=cause)

    world = World().started()
    object.__setattr__(world.platform, "workflow", LateStart(late=[a_queued(world)]))
    results, _ = panic.stop_all(world.platform, actor="olive")
    assert {one.task_id for one in results} == {world.task_id, "eng-2-00000001"}
    assert world.platform.tasks.running() == frozenset()


def test_a_task_is_ended_although_its_workflow_cannot_be_stopped() -> None:
    class Unreachable(MemoryWorkflow):
        def stop(self, task_id: str, *, error: str, cause: str) -> None:
            raise UpstreamUnavailable("Step Functions did not answer")

    world = World().planned()
    object.__setattr__(world.platform, "workflow", Unreachable())
    assert stop_task(world.task_id, actor="olive", reason="", platform=world.platform) is TaskState.STOPPED
    assert "stop_incomplete" in world.history
    assert world.platform.tasks.running() == frozenset()


def test_stopping_all_ends_the_session_of_the_agent_at_work() -> None:
    world = World().planned()
    panic.stop_all(world.platform, actor="olive")
    ((agent, session),) = world.platform.runtimes.stopped
    assert agent == "planning"
    assert world.platform.runtimes.sessions[session][1].step == "plan"


def test_a_session_that_cannot_be_ended_keeps_no_task_open() -> None:
    class Unreachable(MemoryRuntimes):
        def stop(self, agent: str, *, session_id: str) -> bool:
            raise UpstreamUnavailable(f"{agent} did not answer about {session_id}")

    world = World().planned()
    object.__setattr__(world.platform, "runtimes", Unreachable())
    results, _ = panic.stop_all(world.platform, actor="olive")
    assert [one.state for one in results] == [TaskState.STOPPED]
    assert "stop_incomplete" in world.history


def test_a_stop_in_passing_lets_the_agent_leave_its_record() -> None:
    world = World().planned()
    stop_task(world.task_id, actor="olive", reason="", platform=world.platform)
    assert world.platform.runtimes.stopped == []


@pytest.mark.parametrize(
    ("state", "attempts", "run"),
    [
        (TaskState.EXECUTING, {"plan": 1, "execute": 2}, "eng-1-00000001.execute.2"),
        (TaskState.FIXING_CI, {"fix_ci_2": 1, "fix_ci_10": 3, "fix_ci_9": 1}, "eng-1-00000001.fix_ci_10.3"),
        (TaskState.AWAITING_CI, {"execute": 1}, None),
        (TaskState.EXECUTING, {}, None),
    ],
)
def test_the_session_at_work_follows_from_the_task(
    state: TaskState, attempts: dict[str, int], run: str | None
) -> None:
    session = running_session(a_task(state=state).model_copy(update={"attempts": attempts}))
    assert (session.run if session else None) == run


def test_the_queue_is_held_although_slack_is_down() -> None:
    class Down(MemoryChat):
        def say(self, text: str, *, thread: MessageRef | None = None) -> MessageRef:
            raise UpstreamUnavailable("Slack did not answer")

    world = World().started()
    object.__setattr__(world.platform, "chat", Down())
    results, told = panic.stop_all(world.platform, actor="olive")
    assert not told
    assert [one.state for one in results] == [TaskState.STOPPED]
    assert world.platform.tasks.controls().draining


def test_the_situation_shows_each_running_task_with_its_agent_cost_and_silence() -> None:
    clock = TickingClock()
    world = World(platform=a_platform(clock=clock)).started()
    world.run(Step.DISCOVER, a_discovery())
    world.platform.event_log.add_cost(world.task_id, 0.75)
    waiting = a_queued(world)
    clock.pass_time(minutes=3)
    now = panic.situation(world.platform)
    (one,) = now.running
    assert one.session is not None
    assert one.session.id in world.platform.runtimes.sessions
    assert (one.session.agent, one.task.state, now.cost_usd) == ("discovery", TaskState.DISCOVERING, 0.75)
    assert 180 <= one.quiet.total_seconds() < 200
    assert [task.id for task in now.queued] == [waiting]
    assert not now.controls.draining


def test_a_workflow_that_begins_after_its_task_was_stopped_does_nothing() -> None:
    world = World()
    world.file()
    stop_task(world.task_id, actor="olive", reason="", platform=world.platform)
    with pytest.raises(Stopped, match="before its workflow began"):
        preflight(world.task_id, world.platform)
    assert world.task.state is TaskState.STOPPED
