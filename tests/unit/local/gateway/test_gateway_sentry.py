import asyncio

from local.gateway.sentry import sentry_server
from local.gateway.tools import Invocation

OFFICIAL = {
    "analyze_issue_with_seer",
    "execute_sentry_tool",
    "find_organizations",
    "find_projects",
    "get_sentry_resource",
    "search_events",
    "search_issues",
    "search_sentry_tools",
    "update_issue",
}


def call(tool, **arguments):
    invocation = Invocation(gateway_id="g", target="sentry", tool=tool, message_id="1")
    return asyncio.run(sentry_server().call(invocation, arguments))


def test_the_tools_have_their_official_names() -> None:
    assert {tool.name for tool in sentry_server().tools()} == OFFICIAL


def test_every_call_says_that_it_reaches_no_sentry_and_what_to_do() -> None:
    for arguments in ({"organizationSlug": "acme"}, {"organizationSlug": "acme", "query": "is:unresolved"}):
        answer = call("search_issues", **arguments)
        assert answer.is_error
        assert "does not reach its Sentry" in answer.content[0].text
        assert "stack trace" in answer.content[0].text


def test_arguments_are_checked_first() -> None:
    assert "organizationSlug" in call("find_projects").content[0].text
