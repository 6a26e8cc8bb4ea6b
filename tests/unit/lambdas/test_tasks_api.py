"""What people get from the API, and what the edge's authorizer answers."""

from __future__ import annotations

import json
from collections.abc import Mapping

import boto3
import pytest
from moto import mock_aws

from lambdas import edge, process
from lambdas.edge_authorizer import handler as authorizer
from lambdas.tasks_api import handler as api
from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.edge_secret import EdgeSecret
from slipway.domain.errors import NotFound
from slipway.domain.origin_proof import HEADER
from slipway.domain.task import TaskState
from slipway.settings import Settings
from tests.world import World

READER, APPROVER = "bob@example.com", "ada@example.com"


class Proofs:
    def values(self) -> tuple[str, ...]:
        return ("new", "old")


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    chosen = {"approvers": APPROVER, "readers": "@example.com"}
    monkeypatch.setattr(edge, "_secrets", Proofs)
    for module in (api, edge):
        monkeypatch.setattr(module, "settings", lambda: Settings(environment="dev", **chosen))
    monkeypatch.setattr(authorizer, "logger", process.logger)
    return chosen


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]) -> World:
    world = World()
    monkeypatch.setattr(api, "platform", lambda: world.platform)
    return world


def ask(
    route: str,
    *,
    task_id: str = "",
    person: str | None = READER,
    body: object = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, dict[str, object]]:
    claims = {"token_use": "id", "email": person, "email_verified": "true"} if person else {}
    answer = api.handler(
        {
            "routeKey": route,
            "headers": {"content-type": "application/json", **(headers or {})},
            "pathParameters": {"id": task_id} if task_id else None,
            "queryStringParameters": query,
            "requestContext": {"authorizer": {"jwt": {"claims": claims}}},
            "body": json.dumps(body) if body is not None else None,
        },
        None,
    )
    if answer["statusCode"] >= 400:
        assert answer["headers"]["content-type"] == "application/problem+json"
    document: dict[str, object] = json.loads(answer["body"])
    return answer["statusCode"], document


def test_tasks_are_listed_without_what_is_the_platforms_own(world: World) -> None:
    world.file()
    status, document = ask("GET /tasks")
    assert (status, document["total"]) == (200, 1)
    (task,) = document["tasks"] if isinstance(document["tasks"], list) else ()
    assert task["id"] == world.task_id
    assert not {"execution_arn", "slack_thread"} & set(task)


def test_tasks_are_listed_by_state(world: World) -> None:
    world.file()
    assert ask("GET /tasks", query={"state": "done"})[1]["total"] == 0
    assert ask("GET /tasks", query={"state": "queued"})[1]["total"] == 1
    status, problem = ask("GET /tasks", query={"state": "odd"})
    assert status == 400
    assert "awaiting_approval" in str(problem["detail"])


def test_a_task_says_why_it_waits_and_what_is_asked_but_never_its_token(world: World) -> None:
    world.awaiting_approval()
    status, document = ask("GET /tasks/{id}", task_id=world.task_id)
    assert status == 200
    assert document["state"] == "awaiting_approval"
    assert "waits for a person" in json.dumps(document["explanation"])
    asked = document["approval"]
    assert isinstance(asked, dict)
    assert asked["plan_hash"] == world.task.plan_hash
    assert "token" not in json.dumps(document)


def test_a_tasks_history_is_told(world: World) -> None:
    world.file()
    status, document = ask("GET /tasks/{id}/events", task_id=world.task_id)
    assert status == 200
    assert "task_accepted" in json.dumps(document["events"])


@pytest.mark.parametrize("route", ["GET /tasks/{id}", "GET /tasks/{id}/events"])
def test_a_task_that_is_not_there_is_a_problem(world: World, route: str) -> None:
    status, problem = ask(route, task_id="eng-9-00000000")
    assert (status, problem["title"]) == (404, "Not found")


def decision(world: World, **changes: str) -> dict[str, str]:
    return {"decision": "approve", "plan_hash": str(world.task.plan_hash), **changes}


def test_an_approver_approves_the_plan_that_was_read(world: World) -> None:
    world.awaiting_approval()
    status, document = ask(
        "POST /tasks/{id}/approval", task_id=world.task_id, person=APPROVER, body=decision(world)
    )
    assert status == 200
    assert f"approved by {APPROVER}" in str(document["message"])
    request = world.platform.approvals.get(world.task_id)
    assert request is not None
    assert request.decision is not None
    assert (request.decision.actor, request.decision.channel) == (APPROVER, "api")


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"plan_hash": "other"}, 403, "has changed since"),
        ({"decision": "reject"}, 400, "needs a reason"),
        ({"decision": "maybe"}, 400, "decision"),
        ({"extra": "x"}, 400, "extra"),
        ({"plan_hash": ""}, 400, "plan_hash"),
    ],
)
def test_a_decision_that_cannot_stand_is_refused(
    world: World, changes: dict[str, str], status: int, said: str
) -> None:
    world.awaiting_approval()
    answered, problem = ask(
        "POST /tasks/{id}/approval", task_id=world.task_id, person=APPROVER, body=decision(world, **changes)
    )
    assert answered == status
    assert said in str(problem["detail"])
    assert world.task.state is TaskState.AWAITING_APPROVAL


def test_a_reader_decides_nothing(world: World) -> None:
    world.awaiting_approval()
    status, problem = ask("POST /tasks/{id}/approval", task_id=world.task_id, body=decision(world))
    assert status == 403
    assert READER in str(problem["detail"])
    assert world.task.state is TaskState.AWAITING_APPROVAL


@pytest.mark.parametrize("person", [None, "mallory@elsewhere.org"])
def test_whoever_is_not_listed_sees_nothing(world: World, person: str | None) -> None:
    status, problem = ask("GET /tasks", person=person)
    assert status == 403
    assert "tasks" not in problem


def test_where_there_is_an_edge_nobody_goes_round_it(world: World, settings: dict[str, str]) -> None:
    settings["edge_secret"] = "arn:secret"
    assert ask("GET /tasks")[0] == 403
    assert ask("GET /tasks", headers={HEADER: "wrong"})[0] == 403
    assert ask("GET /tasks", headers={HEADER: "new"})[0] == 200


def test_a_wish_that_cannot_be_met_is_no_rejected_event(world: World) -> None:
    ask("GET /tasks/{id}", task_id="eng-9-00000000")
    assert world.platform.metrics.values == []


@pytest.mark.parametrize(("sent", "allowed"), [("new", True), ("old", True), ("other", False), (None, False)])
def test_the_authorizer_lets_in_what_the_edge_sent(
    settings: dict[str, str], sent: str | None, allowed: bool
) -> None:
    headers = {HEADER: sent} if sent else {}
    assert authorizer.handler({"headers": headers}, None) == {"isAuthorized": allowed}


@mock_aws
def test_the_secret_before_the_last_change_is_still_good() -> None:
    client = boto3.client("secretsmanager", region_name="eu-west-1")
    arn = client.create_secret(Name="edge", SecretString="old")["ARN"]
    clients = Clients(session=boto3.Session(region_name="eu-west-1"))
    assert EdgeSecret(clients=clients, secret=arn).values() == ("old",)
    client.put_secret_value(SecretId=arn, SecretString="new")
    assert EdgeSecret(clients=clients, secret=arn).values() == ("new", "old")


@mock_aws
def test_a_secret_that_is_not_there_is_said() -> None:
    with pytest.raises(NotFound, match="reading AWSCURRENT of secret nowhere"):
        EdgeSecret(clients=Clients(session=boto3.Session(region_name="eu-west-1")), secret="nowhere").values()
