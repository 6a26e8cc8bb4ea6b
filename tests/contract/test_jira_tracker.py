"""The Jira adapter against a Jira that speaks REST v3."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from slipway.adapters.jira.tracker import JiraTracker
from slipway.adapters.memory.secrets import MemorySecrets
from slipway.domain.errors import NeedsHuman, NotFound, UpstreamUnavailable
from slipway.domain.intake.adf import to_markdown
from slipway.domain.ticket import Priority
from slipway.ports.tracker import NewTicket
from tests.contract.outside import running_jira


@pytest.fixture
def jira(tmp_path: Path) -> Iterator[tuple[JiraTracker, httpx.Client]]:
    with (
        running_jira(tmp_path) as (secrets, http),
        closing(JiraTracker(secrets=secrets)) as tracker,
    ):
        yield tracker, http


def create(http: httpx.Client, **fields: object) -> str:
    wanted = {"project": {"key": "ENG"}, "summary": "It crashes", **fields}
    answer = http.post("/rest/api/3/issue", json={"fields": wanted}).raise_for_status()
    return str(answer.json()["key"])


def test_a_ticket_comes_with_its_labels_priority_and_text_attachments(
    jira: tuple[JiraTracker, httpx.Client],
) -> None:
    tracker, http = jira
    text = {"type": "text", "text": "Boom"}
    description = {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": [text]}],
    }
    key = create(http, labels=["AI"], priority={"name": "High"}, description=description)
    for name, content in (("fix.patch", b"--- a\n+++ b\n"), ("photo.png", b"\x89PNG")):
        http.post(
            f"/rest/api/3/issue/{key}/attachments",
            files={"file": (name, content)},
            headers={"X-Atlassian-Token": "no-check"},
        ).raise_for_status()
    ticket = tracker.ticket(key)
    assert (ticket.key, ticket.summary, ticket.description) == (key, "It crashes", "Boom")
    assert (ticket.labels, ticket.priority) == (("AI",), Priority.HIGH)
    assert [(one.name, one.content) for one in ticket.attachments] == [("fix.patch", "--- a\n+++ b\n")]
    assert ticket.url.endswith(f"/browse/{key}")


def test_one_comment_is_edited_in_place_and_rewritten_when_deleted(
    jira: tuple[JiraTracker, httpx.Client],
) -> None:
    tracker, http = jira
    key = create(http)
    first = tracker.write_comment(
        key, "**Slipway: queued** (task `x`)\n\n- [PR](http://f/1)", comment_id=None
    )
    assert tracker.write_comment(key, "**Slipway: done**", comment_id=first) == first
    comments = f"/rest/api/3/issue/{key}/comment"
    found = http.get(comments).json()["comments"]
    assert [to_markdown(one["body"]) for one in found] == ["**Slipway: done**"]
    http.delete(f"{comments}/{first}").raise_for_status()
    assert tracker.write_comment(key, "again", comment_id=first) != first


def test_a_ticket_moves_where_its_workflow_lets_it(jira: tuple[JiraTracker, httpx.Client]) -> None:
    tracker, http = jira
    key = create(http)
    assert tracker.transition(key, "in progress")
    assert not tracker.transition(key, "On the moon")
    fields = http.get(f"/rest/api/3/issue/{key}").json()["fields"]
    assert fields["status"]["name"] == "In Progress"


def test_what_is_wrong_has_its_name(jira: tuple[JiraTracker, httpx.Client]) -> None:
    tracker, _ = jira
    with pytest.raises(NotFound):
        tracker.ticket("ENG-999")
    connection = tracker.secrets.jira()
    wrong = connection.model_copy(update={"email": "nobody@acme.test"})
    silent = connection.model_copy(update={"base_url": "http://127.0.0.1:9"})
    for changed, error in ((wrong, (NeedsHuman, NotFound)), (silent, UpstreamUnavailable)):
        with (
            closing(JiraTracker(secrets=MemorySecrets(jira_connection=changed))) as other,
            pytest.raises(error),
        ):
            other.ticket("ENG-1")


def test_our_messages_survive_the_way_through_adf() -> None:
    from slipway.adapters.jira.adf_document import document

    written = (
        "## Status\n\n**done** `x` [PR](http://f/1)\nsecond line\n\n- one\n- two\n\n```python\nx = 1\n```"
    )
    assert to_markdown(document(written)) == written


def test_a_ticket_that_is_filed_is_found_by_its_label_and_labelled_again(
    jira: tuple[JiraTracker, httpx.Client],
) -> None:
    tracker, _ = jira
    assert tracker.labelled("sentry-77") is None
    key = tracker.create(
        NewTicket(
            project="ENG",
            summary="KeyError: 'mail'",
            description="It happened:\n\n```\nKeyError: 'mail'\n```",
            labels=("sentry-77",),
            priority=Priority.HIGH,
        )
    )
    assert tracker.labelled("sentry-77") == key
    for _ in range(2):
        tracker.add_label(key, "AI")
    ticket = tracker.ticket(key)
    assert (ticket.summary, sorted(ticket.labels)) == ("KeyError: 'mail'", ["AI", "sentry-77"])
    assert (ticket.priority, "```\nKeyError: 'mail'\n```" in ticket.description) == (Priority.HIGH, True)


def test_who_may_edit_a_ticket_may_decide_and_the_bot_never(
    jira: tuple[JiraTracker, httpx.Client],
) -> None:
    tracker, http = jira
    key = create(http)
    accounts = {}
    for name, can_edit in (("grace", True), ("viola", False)):
        user = {"email": f"{name}@acme.test", "display_name": name, "token": name, "can_edit": can_edit}
        answer = http.post("/_admin/users", json=user).raise_for_status().json()
        accounts[name] = str(answer["account_id"])
    assert tracker.may_decide(key, accounts["grace"])
    assert not tracker.may_decide(key, accounts["viola"])
    assert not tracker.may_decide(key, tracker.secrets.jira().bot_account_id)
    assert not tracker.may_decide(key, "nobody")
    assert not tracker.may_decide(key, "")
    with pytest.raises(NotFound):
        tracker.may_decide("ENG-404", accounts["grace"])
