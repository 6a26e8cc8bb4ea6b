"""One subject is one task, through whatever channel, in whatever order, however often it is reported."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from slipway.domain.intake.decisions import StartTicket
from slipway.domain.subjects import named_repositories, sentry_subjects
from slipway.domain.task import TaskState
from slipway.ports.platform import Platform
from slipway.ports.tasks import Acceptance
from slipway.services.accept_event import accept_event
from slipway.services.stop_task import stop_task
from tests.builders import a_platform, a_ticket

LINK = "https://acme.sentry.io/issues/4711/?project=1"


def file(platform: Platform, key: str, *, delivery_id: str, description: str = "") -> Acceptance:
    ticket = a_ticket(key, description=description)
    return accept_event(StartTicket(delivery_id=delivery_id, ticket=ticket, requested_by="grace"), platform)


def open_tasks(platform: Platform) -> int:
    return sum(len(platform.tasks.in_state(state)) for state in TaskState if not state.is_terminal)


def test_the_issue_that_a_ticket_links_or_is_labelled_with_is_its_other_name() -> None:
    assert sentry_subjects(a_ticket(description=f"Sentry Issue: [A-1]({LINK})")) == ("sentry:4711",)
    hosted = "https://sentry.acme.example:9000/organizations/acme/issues/12/events/3/"
    assert sentry_subjects(a_ticket(description=hosted)) == ("sentry:12",)
    assert sentry_subjects(a_ticket(labels=("AI", "sentry-12"), description=LINK)) == ("sentry:12",)
    assert sentry_subjects(a_ticket(labels=("sentry-metric-7",))) == ("sentry:metric-7",)


def test_a_ticket_that_lists_several_issues_is_about_none_of_them() -> None:
    listed = f"{LINK} and https://acme.sentry.io/issues/4712/"
    assert sentry_subjects(a_ticket(description=listed)) == ()
    assert sentry_subjects(a_ticket(description="see https://github.com/acme/app/issues/4711")) == ()


def test_a_repository_is_named_by_a_line_of_its_own() -> None:
    said = "**Repository:** acme/pricing\nrepository: acme/lib, please\nIn acme/other it works."
    assert named_repositories(a_ticket(description=said)) == ("acme/pricing", "acme/lib")
    assert named_repositories(a_ticket(description="The repository is slow / broken.")) == ()


def test_two_tickets_about_one_sentry_issue_are_one_task_and_the_second_is_told_once() -> None:
    platform = a_platform()
    first = file(platform, "ENG-1", delivery_id="a", description=LINK)
    again = [file(platform, "ENG-2", delivery_id=f"b{n}", description=LINK) for n in range(3)]
    assert {(one.outcome, one.task_id) for one in again} == {("already_open", first.task_id)}
    (comment,) = platform.tracker.comments["ENG-2"].values()
    assert "ENG-1 is about the same thing" in comment
    assert "ENG-1" not in platform.tracker.comments


def test_a_subject_may_come_back_after_its_task_has_ended() -> None:
    platform = a_platform()
    first = file(platform, "ENG-1", delivery_id="a", description=LINK)
    stop_task(first.task_id, actor="Ada", reason="", platform=platform)
    assert file(platform, "ENG-2", delivery_id="b", description=LINK).outcome == "accepted"


@settings(deadline=None)
@given(seed=st.integers(0, 2**32), tickets=st.integers(1, 20))
def test_every_subject_is_one_task_whatever_is_repeated_and_reordered(seed: int, tickets: int) -> None:
    chance = random.Random(seed)
    platform = a_platform()
    deliveries = [
        (f"ENG-{number}", f"{number}-{channel}")
        for number in range(tickets)
        for channel in range(chance.randint(1, 3))
        for _ in range(chance.randint(1, 5))
    ]
    chance.shuffle(deliveries)
    for key, delivery_id in deliveries:
        file(platform, key, delivery_id=delivery_id)
    assert open_tasks(platform) == tickets
