"""What is told of a task when its row was written."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest

from lambdas.publish_task_changes.handler import changes_of
from slipway.adapters.aws import rows
from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.event_bus import EventBridgeBus
from slipway.domain.errors import UpstreamUnavailable
from slipway.domain.task import Task, TaskState
from slipway.domain.task_change import TaskChange

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


def row(state: TaskState, **fields: object) -> rows.Item:
    task = Task.model_validate(
        {
            "id": "eng-1-1a2b3c4d",
            "state": state,
            "source": "jira",
            "subject": "jira:ENG-1",
            "ticket_key": "ENG-1",
            "title": "Export fails",
            "created_at": NOW,
            "updated_at": NOW,
            **fields,
        }
    )
    return rows.of(task) | rows.task_key(task.id) | rows.attributes({"gsi1pk": f"STATE#{state}"})


def event(*writes: tuple[rows.Item | None, rows.Item]) -> Mapping[str, object]:
    return {
        "Records": [
            {"dynamodb": {"NewImage": new} | ({"OldImage": old} if old else {})} for old, new in writes
        ]
    }


def test_a_change_of_state_is_told_as_data() -> None:
    old = row(TaskState.DISCOVERING)
    new = row(TaskState.PLANNING, repositories=["acme/orders", "acme/pricing"], cost_usd=0.25)
    (change,) = changes_of(event((old, new)))
    assert json.loads(change.model_dump_json()) == {
        "task_id": "eng-1-1a2b3c4d",
        "from": "discovering",
        "to": "planning",
        "ticket": "ENG-1",
        "repository": "acme/orders",
        "repositories": ["acme/orders", "acme/pricing"],
        "cost_usd": 0.25,
        "at": "2026-11-20T17:00:00Z",
    }


def test_a_new_task_comes_from_nowhere() -> None:
    (change,) = changes_of(event((None, row(TaskState.QUEUED))))
    assert (change.before, change.after, change.repository) == (None, TaskState.QUEUED, None)


def test_a_write_that_leaves_the_state_is_not_told() -> None:
    before, after = row(TaskState.PLANNING), row(TaskState.PLANNING, cost_usd=1.0)
    assert list(changes_of(event((before, after)))) == []


class Bus:
    """Takes everything but the tasks it refuses."""

    def __init__(self, *refused: str) -> None:
        self.calls: list[Sequence[Mapping[str, object]]] = []
        self._refused = refused

    def put_events(self, *, Entries: Sequence[Mapping[str, object]]) -> Mapping[str, object]:
        self.calls.append(Entries)
        told = [json.loads(str(entry["Detail"]))["task_id"] for entry in Entries]
        answers = [{"ErrorCode": "InternalFailure"} if task in self._refused else {} for task in told]
        return {
            "FailedEntryCount": sum(map(bool, answers)),
            "Entries": [{"ErrorCode": each["ErrorCode"]} if each else {"EventId": "1"} for each in answers],
        }


def bus(client: Bus, monkeypatch: pytest.MonkeyPatch) -> EventBridgeBus:
    monkeypatch.setattr(Clients, "events", client)
    return EventBridgeBus(clients=Clients(), bus="slipway-dev")


def changes(count: int) -> list[TaskChange]:
    (one,) = changes_of(event((None, row(TaskState.QUEUED))))
    return [one.model_copy(update={"task_id": f"eng-{number}"}) for number in range(count)]


def test_no_call_carries_more_than_ten_events(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Bus()
    bus(client, monkeypatch).publish(changes(23))
    assert [len(call) for call in client.calls] == [10, 10, 3]
    assert {entry["DetailType"] for call in client.calls for entry in call} == {"TaskStateChanged"}


def test_an_event_that_is_refused_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UpstreamUnavailable, match="eng-1: InternalFailure"):
        bus(Bus("eng-1"), monkeypatch).publish(changes(3))
