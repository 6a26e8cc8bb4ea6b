"""What Jira's webhooks ask for."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from slipway.domain.intake.adf import to_markdown
from slipway.domain.intake.decisions import Command, Ignore, JiraDecision, Reject, StartTicket, StateUpdate
from slipway.domain.intake.delivery import Delivery
from slipway.domain.intake.jira import decide
from slipway.domain.ticket import Priority

DELIVERY = Delivery(headers={}, body=b"{}")


def decided(
    event: str = "jira:issue_updated",
    *,
    labels: list[JsonValue] | None = None,
    changed: tuple[str, str] | None = None,
    user: str = "someone",
    **fields: JsonValue,
) -> JiraDecision:
    items: list[JsonValue] = []
    if changed is not None:
        items.append({"field": "labels", "fromString": changed[0], "toString": changed[1]})
    payload: dict[str, JsonValue] = {
        "timestamp": 17,
        "webhookEvent": event,
        "user": {"accountId": user, "displayName": "Grace"},
        "issue": {"key": "ENG-1", "fields": {"summary": "Fix", "labels": labels or [], **fields}},
        "changelog": {"items": items},
    }
    return decide(DELIVERY, payload, label="AI", bot_account_id="bot", site_url="https://jira.test/")


def test_a_ticket_created_with_the_label_starts() -> None:
    decision = decided("jira:issue_created", labels=["AI"], priority={"name": "Highest"})
    assert isinstance(decision, StartTicket)
    assert decision.delivery_id == "ENG-1#jira:issue_created#17"
    assert decision.requested_by == "Grace"
    assert decision.ticket.url == "https://jira.test/browse/ENG-1"
    assert decision.ticket.priority is Priority.CRITICAL


def test_a_label_added_later_starts() -> None:
    assert isinstance(decided(changed=("urgent", "urgent AI"), labels=["urgent", "AI"]), StartTicket)


def test_an_edit_of_a_ticket_that_has_the_label_does_not_start_again() -> None:
    assert isinstance(decided(labels=["AI"]), Ignore)
    assert isinstance(decided(changed=("AI", "AI urgent"), labels=["AI", "urgent"]), Ignore)


@pytest.mark.parametrize("label", ["AIR", "ai", "X-AI"])
def test_a_similar_label_does_not_start(label: str) -> None:
    assert isinstance(decided(changed=("", label), labels=[label]), Ignore)


def test_taking_the_label_off_is_only_noted() -> None:
    assert isinstance(decided(changed=("AI", "")), StateUpdate)


def test_our_own_account_never_starts_work() -> None:
    assert isinstance(decided(changed=("", "AI"), user="bot"), Ignore)
    assert isinstance(decided("jira:issue_created", labels=["AI"], user="bot"), Ignore)


@pytest.mark.parametrize("event", ["comment_created", "jira:issue_deleted", "sprint_started"])
def test_other_events_are_ignored(event: str) -> None:
    assert isinstance(decided(event, labels=["AI"]), Ignore)


def test_a_payload_without_its_event_is_rejected() -> None:
    assert isinstance(decide(DELIVERY, {}, label="AI", bot_account_id="bot"), Reject)


def paragraph(*content: JsonValue) -> JsonValue:
    return {"type": "paragraph", "content": list(content)}


def words(text: str, *marks: JsonValue) -> JsonValue:
    return {"type": "text", "text": text, "marks": list(marks)}


def test_rich_text_becomes_markdown() -> None:
    code: JsonValue = {
        "type": "codeBlock",
        "attrs": {"language": "python"},
        "content": [words("x = 1\n  y = 2")],
    }
    link: JsonValue = {"type": "link", "attrs": {"href": "https://a.test"}}
    document: JsonValue = {
        "type": "doc",
        "content": [
            {"type": "heading", "attrs": {"level": 2}, "content": [words("Steps")]},
            paragraph(words("See "), words("here", link), words(" and "), words("f()", {"type": "code"})),
            {
                "type": "bulletList",
                "content": [
                    {
                        "type": "listItem",
                        "content": [
                            paragraph(words("one")),
                            {
                                "type": "orderedList",
                                "content": [{"type": "listItem", "content": [paragraph(words("deep"))]}],
                            },
                        ],
                    }
                ],
            },
            code,
        ],
    }
    assert to_markdown(document) == (
        "## Steps\n\nSee [here](https://a.test) and `f()`\n\n- one\n  1. deep\n\n"
        "```python\nx = 1\n  y = 2\n```"
    )


def test_wiki_markup_keeps_its_code() -> None:
    assert to_markdown("Boom:\r\n{code:python}\r\nx = 1\r\n{code}\r\nin {{f}}") == (
        "Boom:\n```python\nx = 1\n```\nin `f`"
    )
    assert to_markdown("{noformat}\nTraceback\n{noformat}") == "```\nTraceback\n```"


@pytest.mark.parametrize("nothing", [None, 3, [], {"type": "doc"}])
def test_no_text_is_no_text(nothing: JsonValue) -> None:
    assert to_markdown(nothing) == ""


def commented(
    body: JsonValue, *, event: str = "comment_created", author: str = "u1", **more: JsonValue
) -> JiraDecision:
    payload: dict[str, JsonValue] = {
        "timestamp": 17,
        "webhookEvent": event,
        "comment": {"id": "10", "body": body, "author": {"accountId": author, "displayName": "Grace"}},
        "issue": {"key": "ENG-1", "fields": {"summary": "Fix"}},
    }
    return decide(DELIVERY, payload | more, label="AI", bot_account_id="bot")


def test_a_persons_comment_on_a_ticket_may_be_a_command() -> None:
    decision = commented("Fine.\n\n@agent approve")
    assert isinstance(decision, Command)
    assert (decision.channel, decision.verb, decision.ticket_key) == ("jira", "approve", "ENG-1")
    assert (decision.actor, decision.actor_name, decision.comment_id) == ("u1", "Grace", "10")


def test_both_events_of_one_comment_are_one_command() -> None:
    first = commented("@agent stop")
    second = commented("@agent stop", event="jira:issue_updated", issue_event_type_name="issue_commented")
    edited = commented("@agent stop", event="comment_updated")
    assert isinstance(first, Command)
    assert isinstance(second, Command)
    assert isinstance(edited, Command)
    assert first.delivery_id == second.delivery_id == edited.delivery_id == "comment:10"
    assert (first.is_edit, edited.is_edit) == (False, True)


def test_the_bot_is_spoken_to_by_mentioning_its_account() -> None:
    mention: JsonValue = {"type": "mention", "attrs": {"id": "bot", "text": "@Acme Builder"}}
    rich = commented({"type": "doc", "content": [paragraph(mention, words(" retry"))]})
    wiki = commented("[~accountid:bot] retry")
    assert isinstance(rich, Command)
    assert isinstance(wiki, Command)
    assert rich.verb == wiki.verb == "retry"


@pytest.mark.parametrize(
    "decision",
    [
        commented("please approve"),
        commented("{quote}\n@agent approve\n{quote}\nno"),
        commented("bq. @agent approve"),
        commented("{code}\n@agent approve\n{code}"),
        commented("@agent approve", author="bot"),
        commented("@agent approve", event="comment_deleted"),
        commented(
            "@agent approve", event="jira:issue_updated", issue_event_type_name="issue_comment_deleted"
        ),
        commented("@agent approve", event="jira:issue_updated", issue_event_type_name="issue_updated"),
        commented(
            {
                "type": "doc",
                "content": [{"type": "blockquote", "content": [paragraph(words("@agent approve"))]}],
            }
        ),
        commented({"type": "doc", "content": [{"type": "codeBlock", "content": [words("@agent approve")]}]}),
    ],
)
def test_other_comments_are_not(decision: JiraDecision) -> None:
    assert isinstance(decision, Ignore)


def test_a_label_that_comes_with_a_comment_still_starts() -> None:
    added: JsonValue = {"items": [{"field": "labels", "fromString": "", "toString": "AI"}]}
    decision = commented(
        "go", event="jira:issue_updated", issue_event_type_name="issue_commented", changelog=added
    )
    assert isinstance(decision, StartTicket)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"issue": {}}, "issue.key"),
        ({"issue": {"key": "x" * 3000}}, "issue.key"),
        ({"comment": {"id": "1", "body": "@agent stop"}}, "comment.author.accountId"),
        ({"comment": {"body": "@agent stop", "author": {"accountId": "u1"}}}, "comment.id"),
    ],
)
def test_a_field_that_is_needed_and_missing_is_named(changes: dict[str, JsonValue], field: str) -> None:
    written: JsonValue = {"id": "1", "body": "@agent stop", "author": {"accountId": "u1"}}
    payload: dict[str, JsonValue] = {"webhookEvent": "comment_created", "comment": written}
    decision = decide(
        DELIVERY, payload | {"issue": {"key": "ENG-1"}} | changes, label="AI", bot_account_id="bot"
    )
    assert isinstance(decision, Reject)
    assert f"the field {field} is" in decision.reason


def test_text_that_is_nested_without_end_is_rejected() -> None:
    deep: JsonValue = words("x")
    for _ in range(900):
        deep = {"type": "blockquote", "content": [deep]}
    assert isinstance(commented({"type": "doc", "content": [deep]}), Reject)
