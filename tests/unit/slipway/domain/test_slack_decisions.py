"""What Slack's requests ask for, and the words people use."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from pydantic import JsonValue

from slipway.domain.intake.commands import comment_command, parse, split_task
from slipway.domain.intake.decisions import (
    ApprovalAction,
    Challenge,
    Command,
    Ignore,
    Interaction,
    Reject,
    SlackDecision,
)
from slipway.domain.intake.delivery import Delivery
from slipway.domain.intake.slack import button_value, decide_event, decide_form


def form(**fields: str) -> SlackDecision:
    return decide_form(Delivery(headers={}, body=urlencode(fields).encode()))


def interaction(payload: dict[str, JsonValue]) -> SlackDecision:
    return form(payload=json.dumps({"user": {"id": "U1"}, "trigger_id": "t1", **payload}))


def event(**event: JsonValue) -> SlackDecision:
    payload: dict[str, JsonValue] = {"type": "event_callback", "event_id": "E1", "event": event}
    return decide_event(Delivery(headers={}, body=b""), payload)


def test_a_slash_command_is_a_command() -> None:
    decision = form(command="/agent", text="status ENG-1", user_id="U1", channel_id="C1", trigger_id="t1")
    assert isinstance(decision, Command)
    assert (decision.verb, decision.argument, decision.actor, decision.delivery_id) == (
        "status",
        "ENG-1",
        "U1",
        "t1",
    )


@pytest.mark.parametrize(("action", "wanted"), [("approve", "approve"), ("reject", "reject")])
def test_our_buttons_decide(action: str, wanted: str) -> None:
    button: JsonValue = {"action_id": action, "value": button_value("eng-1", "h1")}
    decision = interaction({"type": "block_actions", "actions": [button]})
    assert isinstance(decision, ApprovalAction)
    assert (decision.decision, decision.task_id, decision.plan_hash, decision.reason) == (
        wanted,
        "eng-1",
        "h1",
        None,
    )


def test_the_dialog_carries_the_reason() -> None:
    decision = interaction(
        {
            "type": "view_submission",
            "view": {
                "callback_id": "slipway_reject_reason",
                "private_metadata": button_value("eng-1", "h1"),
                "state": {"values": {"reason": {"reason_text": {"value": "wrong place"}}}},
            },
        }
    )
    assert isinstance(decision, ApprovalAction)
    assert (decision.decision, decision.reason) == ("reject", "wrong place")


def test_forms_that_are_not_ours_do_nothing() -> None:
    other: JsonValue = {"action_id": "theirs", "value": "{}"}
    broken: JsonValue = {"action_id": "approve", "value": "{"}
    assert isinstance(interaction({"type": "block_actions", "actions": [other]}), Interaction)
    assert isinstance(interaction({"type": "block_actions", "actions": [broken]}), Interaction)
    assert isinstance(interaction({"type": "view_submission", "view": {"callback_id": "x"}}), Interaction)
    assert isinstance(interaction({"type": "message_action"}), Ignore)
    assert isinstance(form(token="x", text="hello"), Reject)


def test_the_events_api_is_proven_and_mentions_are_commands() -> None:
    delivery = Delivery(headers={}, body=b"")
    challenge = decide_event(delivery, {"type": "url_verification", "challenge": "c"})
    assert challenge == Challenge(challenge="c")
    decision = event(type="app_mention", text="<@W111> explain ENG-1", user="U1", channel="C1", ts="1.0")
    assert isinstance(decision, Command)
    assert (decision.verb, decision.argument, decision.in_thread) == ("explain", "ENG-1", "1.0")


def test_bots_and_ordinary_messages_are_ignored() -> None:
    assert isinstance(event(type="app_mention", text="<@W1> list", bot_id="B1"), Ignore)
    assert isinstance(event(type="message", text="approve"), Ignore)


@pytest.mark.parametrize("line", ["", "   ", "please approve", "approved", "<@W1>"])
def test_words_we_do_not_know_are_a_call_for_help(line: str) -> None:
    assert parse(line).verb == "help"


def test_a_comment_is_a_command_only_by_its_first_line() -> None:
    words = comment_command("/slipway Stop now\nplease")
    assert words is not None
    assert (words.verb, words.argument) == ("stop", "now")
    assert comment_command("thanks\n/agent approve") is None


@pytest.mark.parametrize(
    ("argument", "task", "rest"),
    [
        ("ENG-12 too big", "ENG-12", "too big"),
        ("eng-12-1a2b3c4d", "eng-12-1a2b3c4d", ""),
        ("too big", "", "too big"),
        ("utf-8 breaks", "", "utf-8 breaks"),
        ("", "", ""),
    ],
)
def test_a_task_is_told_apart_from_a_reason(argument: str, task: str, rest: str) -> None:
    assert split_task(argument) == (task, rest)
