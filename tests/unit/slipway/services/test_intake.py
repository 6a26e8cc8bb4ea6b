"""Webhooks from raw bytes to answers."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest
from pydantic import JsonValue

from lambdas.http import respond
from slipway.domain.intake.delivery import Delivery
from slipway.domain.metrics import Metric
from slipway.domain.problem import Refused
from slipway.domain.task import TaskState
from slipway.services.dispatch_tasks import dispatch_tasks
from slipway.services.receive_github import receive_github
from slipway.services.receive_jira import receive_jira
from tests.builders import REPOSITORY, a_platform, a_ticket
from tests.world import GREEN, World, github_delivery, jira_delivery, signed


def refusal(delivery: Delivery) -> int:
    with pytest.raises(Refused) as refused:
        receive_jira(delivery, a_platform())
    return refused.value.problem.status


def test_a_labelled_ticket_is_accepted_with_its_task() -> None:
    world = World()
    reply = world.file()
    assert (reply.status, reply.body["state"]) == (202, "queued")
    assert world.task.state is TaskState.QUEUED
    assert world.task.requested_by == "Grace"


def test_the_same_webhook_ten_times_is_one_task() -> None:
    world = World()
    statuses = [world.file().status for _ in range(10)]
    assert statuses == [202, *[200] * 9]
    assert len(world.platform.tasks.in_state(TaskState.QUEUED)) == 1


def test_another_change_while_the_task_is_open_finds_it() -> None:
    world = World()
    first = world.file(timestamp=1)
    second = world.file(timestamp=2)
    assert second.status == 200
    assert second.body["task_id"] == first.body["task_id"]


def test_an_unlabelled_ticket_is_ignored_with_the_reason() -> None:
    platform = a_platform()
    reply = receive_jira(jira_delivery(a_ticket(labels=("bug",))), platform)
    assert reply.status == 200
    assert "AI" in str(reply.body["ignored"])
    assert not platform.tasks.in_state(TaskState.QUEUED)


def test_each_flaw_of_a_request_has_its_status() -> None:
    good = jira_delivery(a_ticket())
    assert refusal(replace(good, body=good.body + b" ")) == 401
    assert refusal(replace(good, headers={"content-type": "application/json"})) == 401
    assert refusal(replace(good, headers={**good.headers, "content-type": "text/plain"})) == 415
    assert refusal(replace(good, body=b"x" * 1_000_001)) == 413
    assert refusal(jira_delivery(a_ticket(), webhookEvent="")) == 400


def test_a_signed_body_that_is_not_json_is_unreadable() -> None:
    import hashlib
    import hmac

    body = b"[" * 100_000
    digest = hmac.new(b"jira-old", body, hashlib.sha256).hexdigest()
    headers = {"content-type": "application/json; charset=utf-8", "x-hub-signature": f"sha256={digest}"}
    assert refusal(Delivery(headers=headers, body=body)) == 400


def event_of(delivery: Delivery, *, encoded: bool) -> dict[str, object]:
    body = base64.b64encode(delivery.body).decode() if encoded else delivery.body.decode()
    return {"headers": dict(delivery.headers), "body": body, "isBase64Encoded": encoded}


@pytest.mark.parametrize("encoded", [False, True])
def test_the_lambda_verifies_the_very_bytes_that_were_sent(encoded: bool) -> None:
    world = World(ticket=a_ticket(description="naïve → café"))
    event = event_of(jira_delivery(world.ticket), encoded=encoded)
    answer = respond(event, receive_jira, lambda: world.platform)
    assert answer["statusCode"] == 202


def test_the_lambda_answers_a_refusal_with_a_problem_document() -> None:
    platform = a_platform()
    answer = respond({"headers": {}, "body": "{}"}, receive_jira, lambda: platform)
    assert answer["statusCode"] == 401
    assert answer["headers"]["content-type"] == "application/problem+json"
    problem = json.loads(answer["body"])
    assert (problem["type"], problem["title"], problem["status"]) == ("about:blank", "Signature missing", 401)
    assert platform.metrics.values == [(Metric.EVENTS_REJECTED, 1.0)]


def test_the_lambda_tells_nothing_of_an_unexpected_error() -> None:
    def broken(_delivery: Delivery, _platform: object) -> object:
        raise KeyError("secret")

    answer = respond({}, broken, a_platform)  # type: ignore[arg-type]  # a bug is what is tested
    assert answer["statusCode"] == 500
    assert "secret" not in answer["body"]


def test_queued_tasks_start_by_priority_within_the_slots() -> None:
    world = World()
    world.file()
    assert dispatch_tasks(world.platform) == [world.task_id]
    assert dispatch_tasks(world.platform) == []
    assert json.loads(world.platform.workflow.inputs[world.task_id]) == {
        "task_id": world.task_id,
        "approval_seconds": 86400,
    }


def check_suite(world: World, sha: str) -> dict[str, JsonValue]:
    del world
    return {
        "action": "completed",
        "repository": {"full_name": REPOSITORY},
        "check_suite": {"head_sha": sha, "conclusion": "success", "pull_requests": [{"number": 1}]},
    }


def test_the_four_webhooks_of_one_ci_run_conclude_once() -> None:
    world = World()
    token = world.awaiting_ci()
    world.checks(GREEN)
    for number in range(4):
        receive_github(
            github_delivery("check_suite", check_suite(world, world.head()), delivery_id=str(number)),
            world.platform,
        )
    assert token in world.platform.step_tokens.outputs
    assert world.history.count("ci_concluded") == 1


def test_a_signal_about_an_older_commit_wakes_nobody() -> None:
    world = World()
    token = world.awaiting_ci()
    world.checks(GREEN)
    reply = receive_github(github_delivery("check_suite", check_suite(world, "0" * 40)), world.platform)
    assert reply.status == 200
    assert token not in world.platform.step_tokens.outputs


def comment(body: str, *, login: str) -> dict[str, JsonValue]:
    return {
        "action": "created",
        "repository": {"full_name": REPOSITORY},
        "issue": {"number": 1, "pull_request": {}},
        "comment": {"id": 71, "body": body, "user": {"login": login, "type": "User"}},
    }


def test_a_writer_approves_by_a_comment_once() -> None:
    world = World()
    token = world.awaiting_approval()
    delivery = github_delivery("issue_comment", comment("/agent approve", login="grace"))
    assert receive_github(delivery, world.platform).status == 202
    assert token in world.platform.step_tokens.outputs
    assert receive_github(delivery, world.platform).status == 200


def test_a_passer_by_cannot_approve_by_a_comment() -> None:
    world = World()
    token = world.awaiting_approval()
    delivery = github_delivery("issue_comment", comment("/agent approve", login="mallory"))
    reply = receive_github(delivery, world.platform)
    assert "not an approver" in str(reply.body["answer"])
    assert token in world.platform.step_tokens.open


def test_closing_the_pull_request_stops_the_task() -> None:
    world = World()
    world.awaiting_approval()
    payload: dict[str, JsonValue] = {
        "action": "closed",
        "repository": {"full_name": REPOSITORY},
        "pull_request": {"number": 1, "merged": False},
        "sender": {"login": "grace"},
    }
    receive_github(github_delivery("pull_request", payload), world.platform)
    assert world.task.state is TaskState.STOPPED
    assert "grace" in (world.task.reason or "")


def test_a_command_typed_wrong_is_answered_and_changes_nothing() -> None:
    world = World()
    token = world.awaiting_approval()
    delivery = github_delivery("issue_comment", comment("@agent aprove", login="grace"))
    reply = receive_github(delivery, world.platform)
    assert "did you mean `approve`" in str(reply.body["answer"])
    assert token in world.platform.step_tokens.open


def test_a_comment_repeated_under_another_delivery_is_carried_out_once() -> None:
    world = World()
    world.awaiting_approval()
    said = comment("@agent approve", login="grace")
    receive_github(github_delivery("issue_comment", said), world.platform)
    replayed = receive_github(github_delivery("issue_comment", said, delivery_id="g2"), world.platform)
    assert "handled before" in str(replayed.body["ignored"])


def jira_comment(world: World, body: str) -> Delivery:
    return signed(
        {
            "webhookEvent": "comment_created",
            "issue": {"key": world.ticket.key},
            "comment": {"id": "5", "body": body, "author": {"accountId": "u1", "displayName": "Grace"}},
        },
        header="x-hub-signature",
        secret="jira-old",
    )


def test_a_comment_on_the_ticket_is_answered_there_once() -> None:
    world = World().started()
    reply = receive_jira(jira_comment(world, "@agent status"), world.platform)
    assert reply.status == 202
    assert "Grace: ENG-1 is *starting*" in "".join(world.platform.tracker.comments["ENG-1"].values())
    assert receive_jira(jira_comment(world, "@agent status"), world.platform).status == 200


def test_a_comment_on_a_ticket_without_a_task_is_ignored() -> None:
    world = World()
    assert receive_jira(jira_comment(world, "@agent status"), world.platform).status == 200
    assert world.platform.tracker.comments == {}
