import httpx
import pytest

from tests.unit.local.gateway.conftest import SIGNED

TOOL = "tickets___create_ticket"


def mcp(event):
    return event["mcp"]["gatewayRequest"]["body"]


def answer(kind, content):
    return {"interceptorOutputVersion": "1.0", "mcp": {kind: content}}


def pass_all(event):
    return answer("transformedGatewayRequest", {"body": mcp(event)})


def deny_calls(event):
    body = mcp(event)
    if not isinstance(body, dict) or body.get("method") != "tools/call":
        return pass_all(event)
    result = {"isError": True, "content": [{"type": "text", "text": "denied by policy: no"}]}
    denied = {"jsonrpc": "2.0", "id": body["id"], "result": result}
    return answer("transformedGatewayResponse", {"statusCode": 200, "headers": {}, "body": denied})


def test_an_interceptor_sees_every_message_and_lets_it_pass(tools, emulator, permit) -> None:
    emulator.policies = [permit(TOOL)]
    emulator.screen = pass_all
    assert tools.answer(TOOL, {"Title": "a"}) == {"created": {"Title": "a"}}
    methods = [mcp(event).get("method") for event in emulator.screened if mcp(event)]
    assert {"initialize", "tools/call"} <= set(methods)
    assert all("headers" not in event["mcp"]["gatewayRequest"] for event in emulator.screened)


def test_what_an_interceptor_answers_never_reaches_the_target(tools, emulator, permit) -> None:
    emulator.policies = [permit(TOOL)]
    emulator.screen = deny_calls
    denied = tools.call(TOOL, {"Title": "a"})
    assert denied.is_error
    assert denied.content[0].text == "denied by policy: no"
    assert emulator.invocations == []
    (call,) = httpx.get(f"{tools.url}/calls").json()
    assert (call["tool"], call["outcome"]) == (TOOL, "denied")


def test_an_interceptor_may_change_a_request(tools, emulator, permit) -> None:
    emulator.policies = [permit(TOOL)]

    def shorten(event):
        body = mcp(event)
        if isinstance(body, dict) and body.get("method") == "tools/call":
            body["params"]["arguments"] = {"Title": "short"}
        return answer("transformedGatewayRequest", {"body": body})

    emulator.screen = shorten
    assert tools.answer(TOOL, {"Title": "a very long title"}) == {"created": {"Title": "short"}}


def test_a_failing_interceptor_fails_the_request(tools, emulator, permit) -> None:
    emulator.policies = [permit(TOOL)]

    def fail(event):
        raise ValueError("cannot screen this")

    emulator.screen = fail
    headers = {
        "Authorization": SIGNED,
        "X-Amz-Security-Token": "planner-token",
        "Accept": "application/json, text/event-stream",
    }
    message = {"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": TOOL, "arguments": {}}}
    refused = httpx.post(f"{tools.url}/gateways/tools-1/mcp", json=message, headers=headers)
    assert refused.status_code == 500
    assert refused.json()["id"] == 3
    assert "interceptor failed" in refused.json()["error"]["message"]
    assert emulator.invocations == []


@pytest.mark.parametrize("wrong", [{}, {"mcp": {"gatewayResponse": {"statusCode": 403}}}])
def test_an_answer_that_decides_nothing_lets_the_request_pass_as_in_aws(
    tools, emulator, permit, wrong
) -> None:
    emulator.policies = [permit(TOOL)]
    emulator.screen = lambda _event: wrong
    assert tools.answer(TOOL, {"Title": "a"}) == {"created": {"Title": "a"}}


def test_a_body_that_is_no_json_is_refused_before_anything_sees_it(tools, emulator) -> None:
    emulator.screen = pass_all
    headers = {"Authorization": SIGNED, "X-Amz-Security-Token": "planner-token"}
    refused = httpx.post(f"{tools.url}/gateways/tools-1/mcp", content=b"{", headers=headers)
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == -32700
    assert emulator.screened == []
