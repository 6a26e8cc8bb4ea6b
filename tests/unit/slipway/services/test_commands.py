"""What people type in Slack, and what they are answered."""

from __future__ import annotations

import json

import pytest

from slipway.domain.problem import Refused
from slipway.domain.task import TaskState
from slipway.services.receive_slack import receive_slack_event, receive_slack_form
from slipway.services.reply import Reply
from tests.builders import a_platform
from tests.world import World, slack_delivery


def say(world: World, text: str, *, user: str = "U1", trigger: str | None = None) -> str:
    form = {"command": "/agent", "text": text, "user_id": user, "trigger_id": trigger or text}
    now = world.platform.clock().timestamp()
    reply: Reply = receive_slack_form(slack_delivery(form, now=now), world.platform)
    return str(reply.body.get("text", reply.body.get("ignored")))


def test_help_is_the_answer_to_anything_unknown() -> None:
    assert "`approve [task]`" in say(World(), "please do it")


def test_open_tasks_are_listed() -> None:
    world = World()
    assert say(world, "list") == "no open tasks"
    world.file()
    assert world.task_id in say(world, "list", trigger="again")


def test_a_task_is_named_by_its_ticket_or_its_id_or_not_at_all() -> None:
    world = World().started()
    assert "*starting*" in say(world, "status ENG-1")
    assert "*starting*" in say(world, f"status {world.task_id}")
    assert "*starting*" in say(world, "status")


def test_an_unknown_task_is_said_to_be_unknown() -> None:
    assert "there is no task or ticket ENG-9" in say(World(), "explain ENG-9")


def test_with_several_candidates_the_person_is_asked_which() -> None:
    from slipway.services.receive_jira import receive_jira
    from tests.builders import a_ticket
    from tests.world import jira_delivery

    world = World()
    world.file()
    receive_jira(jira_delivery(a_ticket("ENG-2")), world.platform)
    answer = say(world, "status")
    assert "say which task" in answer
    assert "eng-2-" in answer


def test_approving_and_stopping_by_command() -> None:
    world = World()
    token = world.awaiting_approval()
    assert "carried out" in say(world, "approve ENG-1")
    assert token in world.platform.step_tokens.outputs
    assert "stopped" in say(world, "stop ENG-1 not now")
    assert world.task.state is TaskState.STOPPED
    assert "queued again" in say(world, f"retry {world.task_id}")


def test_rejecting_by_command_needs_its_reason() -> None:
    world = World()
    token = world.awaiting_approval()
    assert "needs a reason" in say(world, "reject ENG-1")
    assert "rejected" in say(world, "reject the wrong place")
    assert "the wrong place" in world.platform.step_tokens.failures[token][1]


@pytest.mark.parametrize("text", ["approve", "reject x", "stop", "retry"])
def test_only_approvers_decide(text: str) -> None:
    world = World()
    token = world.awaiting_approval()
    assert "not an approver" in say(world, text, user="U9")
    assert token in world.platform.step_tokens.open
    assert world.task.state is TaskState.AWAITING_APPROVAL


def test_a_request_that_slack_repeats_is_done_once() -> None:
    world = World()
    world.awaiting_approval()
    say(world, "approve", trigger="same")
    assert "handled before" in say(world, "approve", trigger="same")


def test_an_unsigned_request_is_refused() -> None:
    platform = a_platform()
    forged = slack_delivery({"command": "/agent"}, now=platform.clock().timestamp(), secret="guess")
    with pytest.raises(Refused):
        receive_slack_form(forged, platform)
    with pytest.raises(Refused):
        receive_slack_event(forged, platform)


def test_a_mention_is_answered_in_its_thread() -> None:
    import hashlib
    import hmac

    from slipway.domain.intake.delivery import Delivery

    world = World().started()
    body = json.dumps(
        {
            "type": "event_callback",
            "event_id": "E1",
            "event": {
                "type": "app_mention",
                "user": "U9",
                "text": "<@B> status",
                "channel": "C1",
                "ts": "9.0",
            },
        }
    ).encode()
    stamp = str(int(world.platform.clock().timestamp()))
    digest = hmac.new(b"slack-old", f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "content-type": "application/json",
        "x-slack-signature": f"v0={digest}",
        "x-slack-request-timestamp": stamp,
    }
    reply = receive_slack_event(Delivery(headers=headers, body=body), world.platform)
    assert (reply.status, reply.body) == (200, {})
    assert "9.0" in world.platform.chat.threads.values()
