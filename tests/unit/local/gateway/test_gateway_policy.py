import httpx
import pytest

SEARCH = "x_amz_bedrock_agentcore_search"
SIGNED = "AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-west-1/bedrock-agentcore/aws4_request"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"X-Amz-Security-Token": "planner-token"}, 401),
        ({"Authorization": SIGNED}, 403),
        ({"Authorization": SIGNED, "X-Amz-Security-Token": "stolen"}, 403),
        (
            {
                "Authorization": SIGNED.replace("bedrock-agentcore", "s3"),
                "X-Amz-Security-Token": "planner-token",
            },
            403,
        ),
    ],
)
def test_a_caller_who_does_not_say_who_it_is_is_refused(tools, headers, status) -> None:
    answer = httpx.post(f"{tools.url}/gateways/tools-1/mcp", json={}, headers=headers)
    assert answer.status_code == status


def test_a_gateway_that_is_not_deployed_is_not_found(tools) -> None:
    headers = {"Authorization": SIGNED, "X-Amz-Security-Token": "planner-token"}
    answer = httpx.post(f"{tools.url}/gateways/other/mcp", json={}, headers=headers)
    assert answer.status_code == 404


def test_a_gateway_for_tokens_takes_nobody_on_the_laptop(tools) -> None:
    tools.emulator.authorizer = "CUSTOM_JWT"
    headers = {"Authorization": SIGNED, "X-Amz-Security-Token": "planner-token"}
    answer = httpx.post(f"{tools.url}/gateways/tools-1/mcp", json={}, headers=headers)
    assert answer.status_code == 401
    assert "CUSTOM_JWT" in answer.json()["message"]


def test_a_caller_sees_only_the_tools_it_may_call(tools, permit) -> None:
    tools.emulator.policies = [permit("jira___getJiraIssue", "tickets___create_ticket")]
    assert tools.names() == [SEARCH, "jira___getJiraIssue", "tickets___create_ticket"]
    assert tools.names("stranger-token") == [SEARCH]


def test_a_tool_that_is_permitted_for_some_arguments_is_listed(tools, permit) -> None:
    tools.emulator.policies = [permit("tickets___create_ticket", when='context.input.Title == "a"')]
    assert "tickets___create_ticket" in tools.names()
    assert not tools.call("tickets___create_ticket", {"Title": "a"}).is_error
    denied = tools.call("tickets___create_ticket", {"Title": "b"})
    assert denied.is_error
    assert "denied by policy" in denied.content[0].text
    assert len(tools.emulator.invocations) == 1


def test_without_a_permit_everything_is_denied(tools) -> None:
    denied = tools.call("jira___getJiraIssue", {"cloudId": "x", "issueIdOrKey": "SHOP-1"})
    assert denied.is_error
    assert "no policy permits" in denied.content[0].text


def test_a_forbid_beats_a_permit_and_is_named(tools, permit) -> None:
    tool = "tickets___create_ticket"
    tools.emulator.policies = [permit(tool), permit(tool).replace("permit(", "forbid(")]
    denied = tools.call(tool, {"Title": "a"})
    assert "p1 forbids tickets___create_ticket" in denied.content[0].text
    assert tool not in tools.names()


def test_another_callers_permit_is_no_use(tools, permit) -> None:
    tools.emulator.policies = [permit("tickets___create_ticket")]
    denied = tools.call("tickets___create_ticket", {"Title": "a"}, token="stranger-token")
    assert denied.is_error
    assert not tools.emulator.invocations


def test_log_only_lets_everything_pass(tools) -> None:
    tools.emulator.mode = "LOG_ONLY"
    assert not tools.call("tickets___create_ticket", {"Title": "a"}).is_error


def test_without_a_policy_engine_everything_is_permitted(tools) -> None:
    tools.emulator.mode = "NONE"
    assert "jira___transitionJiraIssue" in tools.names()


def test_the_search_finds_tools_by_what_they_do(tools, permit) -> None:
    tools.emulator.policies = [permit("jira___getJiraIssue", "jira___transitionJiraIssue")]
    found = tools.call(SEARCH, {"query": "move an issue to another status"}).structured_content
    assert found["tools"][0]["name"] == "jira___transitionJiraIssue"
    assert found["tools"][0]["inputSchema"]["required"] == ["cloudId", "issueIdOrKey"]


def test_a_tool_that_does_not_exist_says_so(tools) -> None:
    tools.emulator.mode = "NONE"
    for name in ("jira___nothing", "nowhere___nothing", "unknown___anything"):
        result = tools.call(name, {})
        assert result.is_error
        assert "Unknown tool" in result.content[0].text


def test_calls_are_remembered_without_arguments_or_tokens(tools, permit) -> None:
    tools.emulator.policies = [permit("tickets___create_ticket")]
    tools.call("tickets___create_ticket", {"Title": "very secret"})
    tools.call("jira___getJiraIssue", {"cloudId": "very secret", "issueIdOrKey": "SHOP-1"})
    answer = httpx.get(f"{tools.url}/calls")
    assert [(call["tool"], call["outcome"]) for call in answer.json()] == [
        ("tickets___create_ticket", "ok"),
        ("jira___getJiraIssue", "denied"),
    ]
    assert answer.json()[0]["caller"].endswith("assumed-role/planning/run")
    assert "secret" not in answer.text
    assert "token" not in answer.text


def test_policies_that_cannot_be_read_permit_nothing(tools) -> None:
    tools.emulator.policies = ["permit everything please"]
    assert tools.names() == [SEARCH]
    denied = tools.call("tickets___create_ticket", {"Title": "a"})
    assert "the deployed policies cannot be read" in denied.content[0].text
