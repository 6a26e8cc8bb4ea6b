"""From a Sentry alert to one ticket and one task."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field

import pytest
from pydantic import JsonValue, SecretStr

from slipway.adapters.memory.platform import MemoryPlatform
from slipway.adapters.memory.secrets import MemorySecrets
from slipway.bootstrap import in_memory
from slipway.domain.alert import AlertKind, AlertState
from slipway.domain.connections import SentryConnection
from slipway.domain.intake.delivery import Delivery
from slipway.domain.problem import Refused
from slipway.domain.task import TaskState
from slipway.services.dispatch_tasks import dispatch_tasks
from slipway.services.file_alert import file_alert
from slipway.services.preflight import preflight
from slipway.services.receive_jira import receive_jira
from slipway.services.receive_sentry import receive_sentry
from slipway.services.reply import Reply
from tests.builders import TickingClock, a_ticket, connections
from tests.world import jira_delivery

EVENT: dict[str, JsonValue] = {"issue_id": "77", "title": "KeyError: 'mail'", "level": "error"}
SUBJECT = "sentry:77"


def sentry_delivery(
    resource: str,
    payload: dict[str, JsonValue],
    *,
    request_id: str = "r1",
    secret: str = "sentry-new",
) -> Delivery:
    body = json.dumps(payload).encode()
    headers = {
        "content-type": "application/json",
        "sentry-hook-resource": resource,
        "request-id": request_id,
        "sentry-hook-signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
    }
    return Delivery(headers=headers, body=body)


@dataclass
class Errors:
    """A platform with Sentry connected; each alert is a delivery of its own."""

    starts_work: tuple[AlertKind, ...] = (AlertKind.EVENT_ALERT,)
    platform: MemoryPlatform = field(init=False)
    deliveries: int = 0

    def __post_init__(self) -> None:
        known = connections()
        self.platform = in_memory(
            clock=TickingClock(),
            secrets=MemorySecrets(
                github_connection=known.github_connection,
                jira_connection=known.jira_connection,
                slack_connection=known.slack_connection,
                sentry_connection=SentryConnection(
                    webhook_secrets=(SecretStr("sentry-new"), SecretStr("sentry-old")),
                    jira_project="ENG",
                    starts_work=self.starts_work,
                ),
            ),
        )

    def alert(self, *, resource: str = "event_alert", action: str = "triggered") -> Reply:
        self.deliveries += 1
        name = "event" if resource == "event_alert" else resource
        issue: JsonValue = {"id": "77", "title": "KeyError"}
        data: JsonValue = {name: EVENT if name == "event" else issue}
        delivery = sentry_delivery(
            resource, {"action": action, "data": data}, request_id=f"r{self.deliveries}"
        )
        return receive_sentry(delivery, self.platform)


def test_an_alert_becomes_a_labelled_ticket_and_a_queued_task() -> None:
    errors = Errors()
    assert errors.alert().status == 202
    task_id = file_alert(SUBJECT, errors.platform)
    assert task_id is not None
    task = errors.platform.tasks.get(task_id)
    ticket = errors.platform.tracker.tickets[task.ticket_key]
    assert ticket.labels == ("sentry-77", "AI")
    assert (task.state, task.title, task.requested_by) == (TaskState.QUEUED, "KeyError: 'mail'", "Sentry")
    dispatch_tasks(errors.platform)
    preflight(task_id, errors.platform)
    assert errors.platform.tasks.get(task_id).state is TaskState.STARTING


def test_an_alert_that_fires_again_is_counted_and_starts_nothing() -> None:
    errors = Errors()
    errors.alert()
    first = file_alert(SUBJECT, errors.platform)
    for _ in range(3):
        assert errors.alert().status == 202
        assert file_alert(SUBJECT, errors.platform) is None
    record = errors.platform.alerts.records[SUBJECT]
    assert (record.count, record.task_id, record.state) == (4, first, AlertState.FILED)
    assert len(errors.platform.tracker.tickets) == 1


def test_an_issue_that_comes_back_after_it_was_resolved_starts_again_on_its_ticket() -> None:
    errors = Errors()
    errors.alert()
    first = file_alert(SUBJECT, errors.platform)
    assert first is not None
    errors.platform.tasks.end(first, TaskState.DONE, reason="merged")
    assert errors.alert(resource="issue", action="resolved").status == 202
    errors.alert()
    second = file_alert(SUBJECT, errors.platform)
    assert second is not None
    assert second != first
    keys = {errors.platform.tasks.get(task).ticket_key for task in (first, second)}
    assert len(keys) == 1


def test_a_delivery_that_is_repeated_is_counted_once() -> None:
    errors = Errors()
    delivery = sentry_delivery("event_alert", {"action": "triggered", "data": {"event": EVENT}})
    assert receive_sentry(delivery, errors.platform).status == 202
    assert "recorded before" in str(receive_sentry(delivery, errors.platform).body["ignored"])


def test_filing_that_was_interrupted_finds_its_ticket_again() -> None:
    errors = Errors()
    errors.alert()
    file_alert(SUBJECT, errors.platform)
    lost = errors.platform.alerts.records[SUBJECT].model_copy(
        update={"state": AlertState.WAITING, "ticket_key": None, "task_id": None}
    )
    errors.platform.alerts.records[SUBJECT] = lost
    file_alert(SUBJECT, errors.platform)
    assert len(errors.platform.tracker.tickets) == 1
    assert len(errors.platform.tasks.in_state(TaskState.QUEUED)) == 1


def test_the_alert_and_the_label_on_its_ticket_are_one_task() -> None:
    errors = Errors()
    errors.alert()
    task_id = file_alert(SUBJECT, errors.platform)
    (key,) = errors.platform.tracker.tickets
    reply = receive_jira(jira_delivery(a_ticket(key)), errors.platform)
    assert (reply.status, reply.body["task_id"]) == (200, task_id)


def test_a_ticket_that_people_linked_is_the_one_that_is_worked_on() -> None:
    errors = Errors(starts_work=(AlertKind.ISSUE,))
    errors.platform.tracker.tickets["ENG-4"] = a_ticket("ENG-4", labels=())
    link: JsonValue = {"url": "https://jira.test/browse/ENG-4"}
    issue: JsonValue = {"id": "77", "title": "KeyError", "annotations": [link]}
    delivery = sentry_delivery("issue", {"action": "created", "data": {"issue": issue}})
    receive_sentry(delivery, errors.platform)
    task_id = file_alert(SUBJECT, errors.platform)
    assert task_id is not None
    assert errors.platform.tasks.get(task_id).ticket_key == "ENG-4"
    assert errors.platform.tracker.tickets["ENG-4"].labels == ("AI",)


def test_a_report_that_starts_no_work_is_noted_until_an_alert_does() -> None:
    errors = Errors()
    assert errors.alert(resource="issue", action="created").body["state"] == "noted"
    assert file_alert(SUBJECT, errors.platform) is None
    assert errors.alert().body["state"] == "waiting"
    assert file_alert(SUBJECT, errors.platform) is not None


@pytest.mark.parametrize("secret", ["sentry-new", "sentry-old"])
def test_both_secrets_are_valid_while_rotating(secret: str) -> None:
    errors = Errors()
    payload: dict[str, JsonValue] = {"action": "created", "data": {}}
    delivery = sentry_delivery("installation", payload, secret=secret)
    assert receive_sentry(delivery, errors.platform).status == 200


def test_what_is_not_signed_is_refused_with_advice_for_the_legacy_plugin() -> None:
    errors = Errors()
    forged = sentry_delivery("event_alert", {"data": {"event": EVENT}}, secret="guess")
    with pytest.raises(Refused, match="does not fit"):
        receive_sentry(forged, errors.platform)
    legacy = Delivery(headers={"content-type": "application/json"}, body=b'{"event": {}}')
    with pytest.raises(Refused, match="create an internal integration"):
        receive_sentry(legacy, errors.platform)
    assert errors.platform.alerts.records == {}
