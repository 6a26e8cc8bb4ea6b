"""The Slack adapter against a Slack that speaks the Web API."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from slack_sdk import WebClient

from slipway.adapters.memory.secrets import MemorySecrets
from slipway.adapters.slack.blocks import approval_card, reason_dialog
from slipway.adapters.slack.chat import SlackChat
from slipway.domain.errors import NeedsHuman, Permanent, UpstreamUnavailable
from slipway.ports.chat import ApprovalCard
from tests.contract.outside import running_slack

CARD = ApprovalCard(
    task_id="eng-1-00000001",
    ticket_key="ENG-1",
    ticket_url="https://jira.test/browse/ENG-1",
    title="Guard <!channel> the division",
    summary="An empty basket & more",
    plan_hash="a" * 64,
    files=tuple(f"src/file_{n}.py" for n in range(30)),
    tests=("tests/test_price.py: empty",),
    pull_requests=(("acme/pricing#1", "https://forge.test/1"),),
    risk="medium",
    risk_reasons=("touches auth",),
    estimate="$0.15 to $1.20",
    expires_at=datetime(2026, 5, 5, 9, 0, tzinfo=UTC),
)


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[SlackChat]:
    with running_slack(tmp_path) as (secrets, _):
        yield SlackChat(secrets=secrets)


def web(chat: SlackChat) -> WebClient:
    connection = chat.secrets.slack()
    return WebClient(connection.bot_token.get_secret_value(), base_url=connection.api_url)


def test_messages_go_to_the_channel_and_into_threads(chat: SlackChat) -> None:
    first = chat.say("Working on ENG-1")
    chat.say("done", thread=first)
    replies = web(chat).conversations_replies(channel=first.channel, ts=first.ts)["messages"]
    assert [message["text"] for message in replies] == ["Working on ENG-1", "done"]


def test_a_card_is_asked_replaced_and_closed_in_one_place(chat: SlackChat) -> None:
    card = chat.ask(CARD)
    assert chat.ask(CARD, replace=card) == card
    chat.close(card, "ENG-1: approved by Ada")
    (message,) = web(chat).conversations_history(channel=card.channel)["messages"]
    assert message["text"] == "ENG-1: approved by Ada"
    assert [block["type"] for block in message["blocks"]] == ["section"]


def test_a_card_in_a_thread_is_seen_in_the_channel_and_closed_where_it_is(chat: SlackChat) -> None:
    first = chat.say("Working on ENG-1")
    card = chat.ask(CARD, thread=first)
    assert chat.ask(CARD, thread=first, replace=card) == card
    chat.close(card, "ENG-1: approved by Ada")
    seen = web(chat).conversations_history(channel=card.channel)["messages"]
    assert [(one["ts"], one.get("subtype")) for one in seen] == [
        (card.ts, "thread_broadcast"),
        (first.ts, None),
    ]
    replies = web(chat).conversations_replies(channel=first.channel, ts=first.ts)["messages"]
    assert [one["text"] for one in replies] == ["Working on ENG-1", "ENG-1: approved by Ada"]


def test_a_person_is_answered_alone(chat: SlackChat) -> None:
    chat.whisper("U1", "You are not an approver")
    assert chat.approver("U1") == "Ada"
    assert chat.approver("U9") is None


def test_ticket_text_cannot_call_the_whole_channel() -> None:
    written = str(approval_card(CARD))
    assert "<!channel>" not in written
    assert "&lt;!channel&gt;" in written
    assert "and 18 more" in written


def test_the_dialog_names_the_plan_it_is_about() -> None:
    assert CARD.plan_hash in str(reason_dialog(CARD.task_id, CARD.plan_hash)["private_metadata"])


def test_what_is_wrong_has_its_name(chat: SlackChat) -> None:
    connection = chat.secrets.slack()

    def other(**update: object) -> SlackChat:
        return SlackChat(secrets=MemorySecrets(slack_connection=connection.model_copy(update=update)))

    with pytest.raises(Permanent, match="channel_not_found"):
        other(channel="nowhere").say("x")
    from pydantic import SecretStr

    with pytest.raises(NeedsHuman, match="invalid_auth"):
        other(bot_token=SecretStr("xoxb-other")).say("x")
    with pytest.raises(UpstreamUnavailable):
        other(api_url="http://127.0.0.1:9/api/").say("x")
