"""A delivery that was answered is answered the same for ever, also after the task that it met has ended."""

from __future__ import annotations

from slipway.domain.intake.decisions import StartTicket
from slipway.domain.task import TaskState
from slipway.ports.platform import Platform
from slipway.services.accept_event import accept_event
from tests.builders import a_ticket


def accept(platform: Platform, delivery_id: str) -> tuple[str, str]:
    start = StartTicket(delivery_id=delivery_id, ticket=a_ticket(), requested_by="Grace")
    accepted = accept_event(start, platform)
    return accepted.outcome, accepted.task_id


def test_a_delivery_that_met_an_open_task_starts_nothing_when_it_is_repeated_after_the_end(
    platform: Platform,
) -> None:
    outcome, first = accept(platform, "created")
    assert outcome == "accepted"
    assert accept(platform, "labelled") == ("already_open", first)
    platform.tasks.end(first, TaskState.ESCALATED, reason="needs a person")
    assert accept(platform, "labelled") == ("duplicate_delivery", first)
    outcome, second = accept(platform, "labelled again")
    assert outcome == "accepted"
    assert second != first
