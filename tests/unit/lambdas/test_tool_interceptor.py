"""What the gateway's interceptor lets pass and what it answers itself."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from lambdas.tool_interceptor import handler as interceptor
from slipway.domain.errors import InvalidInput
from slipway.domain.metrics import Metric
from tests.world import World

SECRET = "ghs_" + "Zq7Lw0Xc9Vb3Nm5Tr8Ky2Hd6Jf4Gs1Pa0Qe9"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World()
    monkeypatch.setattr(interceptor, "platform", lambda: world.platform)
    return world


def event(body: object) -> dict[str, object]:
    request = {"path": "/mcp", "httpMethod": "POST", "body": body}
    return {
        "interceptorInputVersion": "1.0",
        "mcp": {"rawGatewayRequest": {"body": "…"}, "gatewayRequest": request},
    }


def call(content: str, *, message_id: int | None = 7) -> dict[str, object]:
    arguments = {"branch": "fix", "files": [{"path": "app.py", "content": content}]}
    message = {
        "jsonrpc": "2.0",
        "method": "tools/call",
        "params": {"name": "github___push_files", "arguments": arguments},
    }
    return message if message_id is None else {**message, "id": message_id}


def answer(body: object) -> Mapping[str, object]:
    document = interceptor.handler(event(body), None)
    assert document["interceptorOutputVersion"] == "1.0"
    mcp = document["mcp"]
    assert isinstance(mcp, dict)
    return mcp


@pytest.mark.parametrize(
    "body",
    [
        call("print('hello')\n"),
        {"jsonrpc": "2.0", "id": 1, "method": "tools/list"},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        [call("x = 1\n"), {"jsonrpc": "2.0", "id": 8, "method": "ping"}],
        None,
    ],
)
def test_what_holds_no_credential_goes_on_unchanged(world: World, body: object) -> None:
    assert answer(body) == {"transformedGatewayRequest": {"body": body}}


def test_a_call_with_a_credential_is_answered_and_never_sent(world: World) -> None:
    given = answer(call(f"TOKEN = '{SECRET}'\n"))
    assert set(given) == {"transformedGatewayResponse"}
    response = given["transformedGatewayResponse"]
    assert isinstance(response, dict)
    assert response["statusCode"] == 200
    assert response["body"]["id"] == 7
    result = response["body"]["result"]
    assert result["isError"] is True
    text = result["content"][0]["text"]
    assert text.startswith("denied by policy: the arguments of github___push_files hold a credential")
    assert "files[0].content: GitHub token on line 1" in text
    assert SECRET not in str(given)
    assert world.platform.metrics.values == [(Metric.CREDENTIALS_BLOCKED, 1.0)]


def test_nothing_of_a_batch_is_carried_out_when_one_call_is_refused(world: World) -> None:
    given = answer([call("x = 1\n", message_id=1), call(SECRET, message_id=2), call("y", message_id=None)])
    response = given["transformedGatewayResponse"]
    assert isinstance(response, dict)
    assert [each["id"] for each in response["body"]] == [1, 2]
    assert all(each["result"]["isError"] for each in response["body"])


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"mcp": {"rawGatewayRequest": {"body": "x"}}},
        event("not a message"),
        event([["nested"]]),
        event({"method": "tools/call", "id": 1}),
    ],
)
def test_what_cannot_be_screened_fails_instead_of_passing(world: World, broken: Mapping[str, object]) -> None:
    with pytest.raises(InvalidInput):
        interceptor.handler(broken, None)
