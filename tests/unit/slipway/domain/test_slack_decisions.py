"""What Slack's requests ask for."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from pydantic import JsonValue

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
    return decide_event(payload)


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
    challenge = decide_event({"type": "url_verification", "challenge": "c"})
    assert challenge == Challenge(challenge="c")
    decision = event(type="app_mention", text="<@W111> explain ENG-1", user="U1", channel="C1", ts="1.0")
    assert isinstance(decision, Command)
    assert (decision.verb, decision.argument, decision.in_thread) == ("explain", "ENG-1", "1.0")


def test_bots_and_ordinary_messages_are_ignored() -> None:
    assert isinstance(event(type="app_mention", text="<@W1> list", bot_id="B1"), Ignore)
    assert isinstance(event(type="message", text="approve"), Ignore)


def test_what_the_bot_is_not_spoken_to_about_is_a_call_for_help() -> None:
    decision = event(type="app_mention", text="is <@W1> asleep", user="U1", channel="C1", ts="1.0")
    assert isinstance(decision, Command)
    assert (decision.verb, decision.problem) == ("help", "")


def test_a_line_that_speaks_to_somebody_else_is_no_command() -> None:
    payload: dict[str, JsonValue] = {
        "type": "event_callback",
        "authorizations": [{"user_id": "W1", "is_bot": True}],
        "event": {
            "type": "app_mention",
            "text": "<@U7> approve\n<@W1> status ENG-1",
            "user": "U1",
            "channel": "C1",
            "ts": "1.0",
        },
    }
    decision = decide_event(payload)
    assert isinstance(decision, Command)
    assert (decision.verb, decision.argument) == ("status", "ENG-1")


def test_what_is_quoted_in_slack_is_no_command() -> None:
    decision = event(
        type="app_mention", text="&gt; <@W1> approve\n<@W1> explain", user="U1", channel="C1", ts="1.0"
    )
    assert isinstance(decision, Command)
    assert decision.verb == "explain"


def test_a_message_decides_once_even_when_it_is_edited() -> None:
    def said(text: str, **more: JsonValue) -> SlackDecision:
        return event(type="app_mention", text=text, user="U1", channel="C1", ts="1.0", **more)

    first, edited = said("<@W1> approve"), said("<@W1> stop", edited={"user": "U1", "ts": "2.0"})
    assert isinstance(first, Command)
    assert isinstance(edited, Command)
    assert (first.delivery_id, edited.delivery_id) == ("C1:1.0", "C1:1.0")
    assert (first.is_edit, edited.is_edit) == (False, True)


@pytest.mark.parametrize(
    ("decision", "field"),
    [
        (form(command="/agent", text="list"), "user_id"),
        (event(type="app_mention", text="<@W1> list", channel="C1", ts="1.0"), "user"),
        (event(type="app_mention", text="<@W1> list", user="U1", channel="C1"), "ts"),
    ],
)
def test_a_field_that_is_needed_and_missing_is_named(decision: SlackDecision, field: str) -> None:
    assert isinstance(decision, Reject)
    assert f"the field {field} is missing" in decision.reason


def test_slacks_check_of_our_certificate_is_thanked_for() -> None:
    assert isinstance(form(ssl_check="1", token="x"), Ignore)
