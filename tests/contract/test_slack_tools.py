"""The gateway's Slack tools, as the gateway calls them, against a Slack that speaks the Web API."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from slack_sdk import WebClient

from lambdas.slack_tools import handler as slack_tools
from slipway.adapters.memory.secrets import MemorySecrets
from slipway.adapters.slack.tools import SlackTools
from slipway.domain.errors import InvalidInput, NotFound, PolicyRefused
from tests.contract.outside import running_slack

SCHEMA = json.loads((Path(slack_tools.__file__).parent / "tool_schema.json").read_text())
BLOCK = {"type": "section", "text": {"type": "mrkdwn", "text": "*Done*"}}
Call = Callable[..., Mapping[str, object]]


def context(name: object) -> SimpleNamespace:
    return SimpleNamespace(client_context=SimpleNamespace(custom={"bedrockAgentCoreToolName": name}))


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[tuple[MemorySecrets, httpx.Client]]:
    with running_slack(tmp_path) as running:
        yield running


@pytest.fixture
def call(outside: tuple[MemorySecrets, httpx.Client], monkeypatch: pytest.MonkeyPatch) -> Call:
    tools = SlackTools(secrets=outside[0])
    monkeypatch.setattr(slack_tools, "slack", lambda: tools)
    return lambda name, **given: slack_tools.handler(given, context(f"slack___{name}"))


def web(outside: tuple[MemorySecrets, httpx.Client]) -> WebClient:
    connection = outside[0].slack()
    return WebClient(connection.bot_token.get_secret_value(), base_url=connection.api_url)


def test_a_message_is_sent_answered_and_changed(
    call: Call, outside: tuple[MemorySecrets, httpx.Client]
) -> None:
    sent = call("send_message", channel="plans", text="Working on it")
    call("send_blocks", channel="plans", blocks=[BLOCK], text="Done", thread_ts=sent["ts"])
    assert call("update_message", channel=sent["channel"], ts=sent["ts"], text="Done", blocks=[BLOCK]) == sent
    replies = web(outside).conversations_replies(channel=str(sent["channel"]), ts=str(sent["ts"]))["messages"]
    assert [(each["text"], len(each["blocks"])) for each in replies] == [("Done", 1), ("Done", 1)]
    call("update_message", channel=sent["channel"], ts=sent["ts"], text="Over")
    (first, _) = web(outside).conversations_replies(channel=str(sent["channel"]), ts=str(sent["ts"]))[
        "messages"
    ]
    assert (first["text"], first.get("blocks", [])) == ("Over", [])


def test_people_are_found_by_id_and_by_address(
    call: Call, outside: tuple[MemorySecrets, httpx.Client]
) -> None:
    grace = {"id": "U2", "name": "grace", "email": "grace@acme.test"}
    outside[1].post("/_admin/users", json=grace).raise_for_status()
    by_id = call("get_user_info", user="U2")
    assert by_id == call("get_user_info", user="grace@acme.test")
    assert {name: by_id[name] for name in ("id", "name", "email", "is_active")} == {
        **grace,
        "is_active": True,
    }


def test_channels_come_in_pages(call: Call, outside: tuple[MemorySecrets, httpx.Client]) -> None:
    outside[1].post("/_admin/channels", json={"name": "alerts"}).raise_for_status()
    names: list[str] = []
    cursor = ""
    while True:
        page = call("list_channels", limit=1, cursor=cursor)
        (channel,) = page["channels"]  # type: ignore[misc]  # JSON
        names.append(channel["name"])
        cursor = str(page["next_cursor"])
        if not cursor:
            break
    assert {"plans", "alerts"} <= set(names)


def test_what_slack_refuses_has_its_name(call: Call) -> None:
    with pytest.raises(NotFound, match="channel_not_found"):
        call("send_message", channel="nowhere", text="x")
    with pytest.raises(NotFound, match="user_not_found"):
        call("get_user_info", user="U404")
    with pytest.raises(NotFound, match="users_not_found"):
        call("get_user_info", user="nobody@acme.test")
    with pytest.raises(InvalidInput, match="invalid_blocks"):
        call("send_blocks", channel="plans", blocks=[{"type": "nonsense"}], text="x")


def test_only_the_bots_own_messages_can_be_changed(
    call: Call, outside: tuple[MemorySecrets, httpx.Client]
) -> None:
    said = outside[1].post(
        "/_admin/messages", json={"channel": "plans", "user": "U1", "text": "mine", "thread_ts": None}
    )
    with pytest.raises(PolicyRefused, match="cant_update_message"):
        call("update_message", channel="plans", ts=said.raise_for_status().json()["ts"], text="x")


@pytest.mark.parametrize(
    ("name", "given", "why"),
    [
        ("send_message", {"channel": "plans"}, "text: Field required"),
        ("send_message", {"channel": "Bad Name", "text": "x"}, "channel"),
        ("send_message", {"channel": "plans", "text": "hi <!here>"}, "<!here> calls everybody"),
        ("send_message", {"channel": "plans", "text": "hi @channel"}, "@channel calls everybody"),
        ("send_message", {"channel": "plans", "text": "x" * 4_001}, "text"),
        ("send_message", {"channel": "plans", "text": "x", "thread": "1"}, "thread: Extra inputs"),
        ("send_message", {"channel": "plans", "text": "x", "thread_ts": "yesterday"}, "thread_ts"),
        ("send_blocks", {"channel": "plans", "text": "x", "blocks": []}, "blocks"),
        (
            "send_blocks",
            {"channel": "plans", "text": "x", "blocks": [{"text": {"text": "<!everyone> look"}}]},
            "<!everyone> calls everybody",
        ),
        ("get_user_info", {"user": "Ada Lovelace"}, "user"),
        ("list_channels", {"limit": 1000}, "limit"),
        ("delete_message", {}, "slack has no tool 'delete_message'"),
    ],
)
def test_wrong_arguments_are_named_before_anything_is_sent(
    name: str, given: Mapping[str, object], why: str
) -> None:
    with pytest.raises(InvalidInput, match=why):
        slack_tools.handler(given, context(f"slack___{name}"))


def test_only_a_gateway_may_call() -> None:
    with pytest.raises(InvalidInput, match="only a gateway"):
        slack_tools.handler({"channel": "plans", "text": "x"}, None)


def test_the_schema_that_models_see_is_what_the_function_takes() -> None:
    assert [tool["name"] for tool in SCHEMA] == list(slack_tools.TOOLS)
    for tool in SCHEMA:
        arguments, _ = slack_tools.TOOLS[tool["name"]]
        assert list(tool["inputSchema"]["properties"]) == list(arguments.model_fields)
        required = [name for name, field in arguments.model_fields.items() if field.is_required()]
        assert tool["inputSchema"].get("required", []) == required
