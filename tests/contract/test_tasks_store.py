"""The promises of the tasks port, kept by every adapter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from slipway.domain.controls import Controls
from slipway.domain.errors import NotFound
from slipway.domain.event import EventKind
from slipway.domain.task import InvalidTransition, PullRequest, Task, TaskPatch, TaskState
from slipway.domain.ticket import Priority
from slipway.ports.platform import Platform
from slipway.ports.tasks import Acceptance
from tests.builders import START, a_task, accepted_event


def accept(platform: Platform, task: Task, *, delivery_id: str = "d1") -> Acceptance:
    return platform.tasks.accept(task, delivery_id=delivery_id, event=accepted_event(task))


def a_claimed(platform: Platform, task_id: str = "eng-1-00000001") -> Task:
    task = a_task(task_id)
    accept(platform, task, delivery_id=task_id)
    assert platform.tasks.claim(task_id, slots=10)
    return task


def test_an_accepted_task_is_there_with_its_first_event(platform: Platform) -> None:
    task = a_task()
    assert accept(platform, task).outcome == "accepted"
    assert platform.tasks.get(task.id) == task
    assert [e.kind for e in platform.event_log.events(task.id)] == [EventKind.TASK_ACCEPTED]


def test_the_same_delivery_ten_times_is_one_task(platform: Platform) -> None:
    task = a_task()
    outcomes = [accept(platform, task) for _ in range(10)]
    assert [one.outcome for one in outcomes] == ["accepted", *["duplicate_delivery"] * 9]
    assert {one.task_id for one in outcomes} == {task.id}
    assert len(platform.event_log.events(task.id)) == 1


def test_another_delivery_about_an_open_subject_finds_its_task(platform: Platform) -> None:
    accept(platform, a_task())
    second = accept(platform, a_task("eng-1-00000002", subject="jira:ENG-1"), delivery_id="d2")
    assert (second.outcome, second.task_id) == ("already_open", "eng-1-00000001")
    with pytest.raises(NotFound):
        platform.tasks.get("eng-1-00000002")


def test_a_subject_is_free_again_when_its_task_has_ended(platform: Platform) -> None:
    accept(platform, a_task())
    assert platform.tasks.end("eng-1-00000001", TaskState.FAILED, reason="broken")
    assert platform.tasks.open_for_subject("jira:ENG-1") is None
    again = accept(platform, a_task("eng-1-00000002", subject="jira:ENG-1"), delivery_id="d2")
    assert again.outcome == "accepted"


def test_deliveries_that_start_nothing_are_remembered_until_forgotten(platform: Platform) -> None:
    assert platform.tasks.remember_delivery("slack", "x")
    assert not platform.tasks.remember_delivery("slack", "x")
    assert platform.tasks.remember_delivery("github", "x")
    platform.tasks.forget_delivery("slack", "x")
    assert platform.tasks.remember_delivery("slack", "x")


def test_the_queue_serves_priority_first_and_then_age(platform: Platform) -> None:
    ages = {"eng-1": (Priority.LOW, 0), "eng-2": (Priority.HIGH, 2), "eng-3": (Priority.HIGH, 1)}
    for key, (priority, minutes) in ages.items():
        created = START + timedelta(minutes=minutes)
        accept(
            platform,
            a_task(f"{key}-00000001", priority=priority, created_at=created),
            delivery_id=key,
        )
    assert [task.ticket_key for task in platform.tasks.in_state(TaskState.QUEUED)] == [
        "ENG-3",
        "ENG-2",
        "ENG-1",
    ]


def test_only_as_many_tasks_run_as_there_are_slots(platform: Platform) -> None:
    ids = [f"eng-{n}-00000001" for n in range(1, 4)]
    for task_id in ids:
        accept(platform, a_task(task_id), delivery_id=task_id)
    assert [platform.tasks.claim(task_id, slots=2) for task_id in ids] == [True, True, False]
    assert platform.tasks.running() == frozenset(ids[:2])
    platform.tasks.end(ids[0], TaskState.DONE, reason="green")
    assert platform.tasks.claim(ids[2], slots=2)


def test_a_task_is_claimed_once(platform: Platform) -> None:
    a_claimed(platform)
    assert not platform.tasks.claim("eng-1-00000001", slots=10)
    assert platform.tasks.get("eng-1-00000001").state is TaskState.STARTING


def test_a_claim_given_back_queues_the_task_again(platform: Platform) -> None:
    task = a_claimed(platform)
    platform.tasks.unclaim(task.id)
    assert platform.tasks.get(task.id).state is TaskState.QUEUED
    assert platform.tasks.running() == frozenset()


def test_many_claimers_never_exceed_the_slots() -> None:
    """Threads against the memory adapter; moto is not safe for threads."""
    from tests.builders import a_platform

    memory = a_platform()
    ids = [f"eng-{n}-00000001" for n in range(20)]
    for task_id in ids:
        accept(memory, a_task(task_id), delivery_id=task_id)
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda task_id: memory.tasks.claim(task_id, slots=5), ids))
    assert sum(won) == 5


def test_a_move_changes_state_and_only_the_named_fields(platform: Platform) -> None:
    task = a_claimed(platform)
    platform.event_log.add_cost(task.id, 0.25)
    moved = platform.tasks.move(
        task.id, TaskState.PLANNING, patch=TaskPatch(current_agent="planning", attempts={"plan": 2})
    )
    assert (moved.state, moved.current_agent, moved.attempts) == (
        TaskState.PLANNING,
        "planning",
        {"plan": 2},
    )
    assert (moved.cost_usd, moved.title) == (0.25, task.title)
    assert [one.id for one in platform.tasks.in_state(TaskState.PLANNING)] == [task.id]
    assert not platform.tasks.in_state(TaskState.STARTING)


def test_a_field_can_be_set_back_to_nothing(platform: Platform) -> None:
    task = a_claimed(platform)
    platform.tasks.patch(task.id, TaskPatch(current_agent="planning"))
    assert platform.tasks.patch(task.id, TaskPatch(current_agent=None)).current_agent is None


def test_an_ended_task_never_moves(platform: Platform) -> None:
    task = a_claimed(platform)
    platform.tasks.end(task.id, TaskState.STOPPED, reason="enough")
    with pytest.raises(InvalidTransition, match="already ended as stopped"):
        platform.tasks.move(task.id, TaskState.EXECUTING)


def test_a_task_ends_once_and_keeps_its_first_reason(platform: Platform) -> None:
    task = a_claimed(platform)
    assert platform.tasks.end(task.id, TaskState.STOPPED, reason="enough")
    assert not platform.tasks.end(task.id, TaskState.FAILED, reason="late")
    ended = platform.tasks.get(task.id)
    assert (ended.state, ended.reason) == (TaskState.STOPPED, "enough")
    assert ended.ended_at is not None
    assert platform.tasks.running() == frozenset()


def test_a_pull_request_leads_back_to_its_task(platform: Platform) -> None:
    task = a_claimed(platform)
    pull_request = PullRequest(repository="acme/Pricing", number=7, url="u", branch="b", head_sha="abc")
    patched = platform.tasks.patch(task.id, TaskPatch(pull_requests=(pull_request,)))
    assert patched.pull_requests == (pull_request,)
    assert platform.tasks.for_pull_request("acme/pricing", 7) == task.id
    assert platform.tasks.for_pull_request("acme/pricing", 8) is None


def test_a_leaked_slot_can_be_taken_back(platform: Platform) -> None:
    task = a_claimed(platform)
    platform.tasks.free_slot(task.id)
    assert platform.tasks.running() == frozenset()


def test_an_unknown_task_is_not_found(platform: Platform) -> None:
    with pytest.raises(NotFound, match="eng-9"):
        platform.tasks.get("eng-9-00000001")
    with pytest.raises(NotFound):
        platform.tasks.move("eng-9-00000001", TaskState.PLANNING)


def test_cost_adds_up_and_needs_a_task(platform: Platform) -> None:
    task = a_claimed(platform)
    assert platform.event_log.add_cost(task.id, 0.1) == pytest.approx(0.1)
    assert platform.event_log.add_cost(task.id, 0.2) == pytest.approx(0.3)
    assert platform.tasks.get(task.id).cost_usd == pytest.approx(0.3)
    with pytest.raises(NotFound):
        platform.event_log.add_cost("eng-9-00000001", 1.0)


def test_events_come_back_in_order_with_their_detail(platform: Platform) -> None:
    task = a_claimed(platform)
    platform.event_log.append(
        task.id, EventKind.RUN_STARTED, "one", actor="planning", detail={"usd": 1.5, "list": [1, None]}
    )
    platform.event_log.append(task.id, EventKind.RUN_FINISHED, "two")
    events = platform.event_log.events(task.id)
    assert [event.message for event in events] == ["accepted", "one", "two"]
    assert events[1].detail == {"usd": 1.5, "list": [1, None]}
    assert platform.event_log.events("eng-9-00000001") == []


def test_a_task_holds_every_name_of_its_subject_until_it_ends(platform: Platform) -> None:
    task = a_task().model_copy(update={"aliases": ("sentry:77", "sentry:78")})
    accept(platform, task)
    for number, name in enumerate(("sentry:77", "sentry:78", "jira:ENG-1"), start=2):
        other = a_task(f"eng-{number}-00000001", subject=name)
        assert accept(platform, other, delivery_id=f"d{number}").task_id == task.id
    platform.tasks.end(task.id, TaskState.DONE, reason="green")
    assert [platform.tasks.open_for_subject(name) for name in task.subjects] == [None, None, None]


def test_of_two_tasks_that_share_one_name_only_the_first_is_accepted(platform: Platform) -> None:
    accept(platform, a_task("eng-1-00000001").model_copy(update={"aliases": ("sentry:77",)}))
    second = a_task("eng-2-00000001").model_copy(update={"aliases": ("sentry:78", "sentry:77")})
    assert accept(platform, second, delivery_id="d2").outcome == "already_open"
    assert platform.tasks.open_for_subject("jira:ENG-2") is None
    assert platform.tasks.open_for_subject("sentry:78") is None


def test_a_claimed_task_knows_when_it_left_the_queue(platform: Platform) -> None:
    assert platform.tasks.get(a_claimed(platform).id).started_at is not None


def test_a_repository_has_so_many_places_and_no_more(platform: Platform) -> None:
    for number in (1, 2, 3):
        accept(
            platform,
            a_task(f"eng-{number}-00000001", repositories=("acme/App", "acme/lib")),
            delivery_id=f"d{number}",
        )
    both = ("acme/App", "acme/lib")
    assert platform.tasks.take_places("eng-1-00000001", ("acme/app",), places=1)
    assert platform.tasks.take_places("eng-1-00000001", ("acme/app",), places=1), "it has its place"
    assert not platform.tasks.take_places("eng-2-00000001", both, places=1)
    assert platform.tasks.holders("acme/lib") == frozenset()
    platform.tasks.end("eng-1-00000001", TaskState.DONE, reason="green")
    assert platform.tasks.take_places("eng-2-00000001", both, places=1)
    assert platform.tasks.holders("acme/APP") == frozenset({"eng-2-00000001"})
    assert not platform.tasks.take_places("eng-1-00000001", ("acme/other",), places=1), "it has ended"


def test_agents_are_kept_off_one_pull_request_until_they_are_let_on(platform: Platform) -> None:
    task = a_claimed(platform)
    pull_request = PullRequest(repository="acme/app", number=7, url="u", branch="b")
    platform.tasks.switch_agents("acme/App", 7, off_by="grace")
    platform.tasks.patch(task.id, TaskPatch(pull_requests=(pull_request,)))
    assert platform.tasks.agents_off("acme/app", 7) == "grace"
    assert platform.tasks.agents_off("acme/app", 8) is None
    assert platform.tasks.for_pull_request("acme/app", 7) == task.id
    platform.tasks.switch_agents("acme/app", 7, off_by=None)
    assert platform.tasks.agents_off("acme/app", 7) is None


def test_an_order_stays_until_it_is_replaced(platform: Platform) -> None:
    assert not platform.tasks.controls().draining
    platform.tasks.order(Controls(draining=True, actor="olive", reason="night", at=START))
    assert platform.tasks.controls() == Controls(draining=True, actor="olive", reason="night", at=START)
    platform.tasks.order(Controls(actor="olive", at=START))
    assert not platform.tasks.controls().draining
