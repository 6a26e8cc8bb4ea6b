"""The promises of the alerts port, kept by every adapter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from slipway.domain.alert import Alert, AlertKind, AlertRecord, AlertState
from slipway.ports.platform import Platform
from tests.builders import START

ALERT = Alert(kind=AlertKind.EVENT_ALERT, issue_id="77", title="KeyError: 'mail'", description="It crashed.")


def record(platform: Platform, delivery_id: str = "d1", *, starts_work: bool = True) -> AlertRecord | None:
    later = START + timedelta(minutes=len(delivery_id))
    return platform.alerts.record(ALERT, delivery_id=delivery_id, at=later, starts_work=starts_work)


def test_a_report_is_there_with_everything_it_said(platform: Platform) -> None:
    assert platform.alerts.get(ALERT.subject) is None
    stored = record(platform)
    assert stored is not None
    assert platform.alerts.get(ALERT.subject) == stored
    assert (stored.alert, stored.state, stored.count) == (ALERT, AlertState.WAITING, 1)


def test_a_delivery_counts_once(platform: Platform) -> None:
    record(platform)
    assert record(platform) is None
    again = record(platform, "d2")
    assert again is not None
    assert again.count == 2


def test_reports_at_the_same_moment_are_all_counted(platform: Platform) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: record(platform, f"d{number}"), range(4)))
    stored = platform.alerts.get(ALERT.subject)
    assert stored is not None
    assert stored.count == 4


def test_the_first_ticket_stays(platform: Platform) -> None:
    record(platform)
    assert platform.alerts.set_ticket(ALERT.subject, "ENG-1") == "ENG-1"
    assert platform.alerts.set_ticket(ALERT.subject, "ENG-2") == "ENG-1"
    record(platform, "d2")
    stored = platform.alerts.get(ALERT.subject)
    assert stored is not None
    assert stored.ticket_key == "ENG-1"


def test_only_the_episode_that_was_filed_has_its_task(platform: Platform) -> None:
    record(platform)
    platform.alerts.filed(ALERT.subject, episode=2, task_id="other")
    platform.alerts.filed(ALERT.subject, episode=1, task_id="eng-1-00000001")
    stored = platform.alerts.get(ALERT.subject)
    assert stored is not None
    assert (stored.state, stored.task_id) == (AlertState.FILED, "eng-1-00000001")


def test_what_became_of_an_issue_is_kept_for_its_next_report(platform: Platform) -> None:
    assert not platform.alerts.set_status(ALERT.subject, "resolved")
    record(platform)
    platform.alerts.filed(ALERT.subject, episode=1, task_id="eng-1-00000001")
    assert platform.alerts.set_status(ALERT.subject, "resolved")
    back = record(platform, "d2")
    assert back is not None
    assert (back.episode, back.state, back.status) == (2, AlertState.WAITING, "unresolved")
