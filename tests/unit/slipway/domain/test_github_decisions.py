"""What GitHub's webhooks ask for."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from slipway.domain.intake.decisions import (
    Ack,
    CiSignal,
    Command,
    GitHubDecision,
    Ignore,
    Reject,
    StateUpdate,
    route,
)
from slipway.domain.intake.delivery import Delivery
from slipway.domain.intake.github import decide

REPOSITORY: JsonValue = {"full_name": "acme/pricing"}


def decided(event: str, payload: dict[str, JsonValue]) -> GitHubDecision:
    headers = {"x-github-event": event, "x-github-delivery": "d1"} if event else {}
    return decide(
        Delivery(headers=headers, body=b""), {"repository": REPOSITORY, **payload}, bot_login="slipway[bot]"
    )


def comment(
    body: str,
    *,
    login: str = "grace",
    kind: str = "User",
    on_pull_request: bool = True,
    action: str = "created",
    event: str = "issue_comment",
    **changes: JsonValue,
) -> GitHubDecision:
    on: dict[str, JsonValue] = {"number": 7}
    if on_pull_request:
        on["pull_request"] = {"url": "x"}
    written: dict[str, JsonValue] = {"id": 71, "body": body, "user": {"login": login, "type": kind}}
    payload: dict[str, JsonValue] = {
        "action": action,
        "issue" if event == "issue_comment" else "pull_request": on,
        "review" if event == "pull_request_review" else "comment": written,
        "sender": {"login": login, "type": kind},
    }
    return decided(event, payload | changes)


@pytest.mark.parametrize("event", ["check_run", "check_suite", "workflow_run", "workflow_job"])
def test_checks_that_ended_are_a_signal_whoever_pushed(event: str) -> None:
    ended: JsonValue = {
        "head_sha": "abc",
        "conclusion": "failure",
        "pull_requests": [{"number": 7}, {"number": 8}],
    }
    payload: dict[str, JsonValue] = {
        "action": "completed",
        event: ended,
        "sender": {"login": "slipway[bot]"},
    }
    assert decided(event, payload) == CiSignal(
        delivery_id="d1",
        repository="acme/pricing",
        head_sha="abc",
        pull_requests=(7, 8),
        failed=True,
    )


def test_green_checks_are_a_signal_too_but_start_no_repair() -> None:
    decision = decided(
        "check_suite",
        {"action": "completed", "check_suite": {"head_sha": "abc", "conclusion": "success"}},
    )
    assert isinstance(decision, CiSignal)
    assert route(decision) == "ack"


def test_checks_that_run_are_ignored() -> None:
    assert isinstance(decided("check_run", {"action": "created", "check_run": {"head_sha": "a"}}), Ignore)
    assert isinstance(decided("status", {"state": "pending", "sha": "a"}), Ignore)


def test_a_persons_command_on_a_pull_request_is_one() -> None:
    decision = comment("/agent reject wrong place\nmore")
    assert isinstance(decision, Command)
    assert (decision.verb, decision.argument, decision.actor) == ("reject", "wrong place\nmore", "grace")
    assert (decision.repository, decision.number) == ("acme/pricing", 7)


@pytest.mark.parametrize(
    "decision",
    [
        comment("/agent approve", login="slipway[bot]"),
        comment("/agent approve", login="other[bot]", kind="Bot"),
        comment("/agent approve <!-- slipway:task=eng-1-00000001 -->"),
        comment("/agent approve", on_pull_request=False),
        comment("please /agent approve"),
        comment("/packit build"),
        comment("/agent approve", action="deleted"),
        comment("/agent approve", action="deleted", event="pull_request_review_comment"),
        comment("/agent approve", action="dismissed", event="pull_request_review"),
        comment("/agent approve", sender={"login": "sync[bot]", "type": "Bot"}),
        comment(""),
    ],
)
def test_other_comments_are_not(decision: GitHubDecision) -> None:
    assert isinstance(decision, Ignore)


def test_a_pull_request_closed_unmerged_is_told_apart_from_merged() -> None:
    def closed(*, merged: bool) -> GitHubDecision:
        return decided("pull_request", {"action": "closed", "pull_request": {"number": 7, "merged": merged}})

    unmerged, merged = closed(merged=False), closed(merged=True)
    assert isinstance(unmerged, StateUpdate)
    assert isinstance(merged, StateUpdate)
    assert (unmerged.closed, merged.closed) == (True, False)


def test_a_ping_is_acknowledged_and_an_unnamed_event_rejected() -> None:
    assert isinstance(decided("ping", {}), Ack)
    assert isinstance(decided("", {}), Reject)
    assert isinstance(decided("gollum", {}), Ignore)


@pytest.mark.parametrize(
    ("event", "action"),
    [
        ("issue_comment", "created"),
        ("issue_comment", "edited"),
        ("pull_request_review_comment", "created"),
        ("pull_request_review_comment", "edited"),
        ("pull_request_review", "submitted"),
        ("pull_request_review", "edited"),
    ],
)
def test_a_command_counts_wherever_a_person_writes_on_the_pull_request(event: str, action: str) -> None:
    decision = comment("@agent retry", event=event, action=action)
    assert isinstance(decision, Command)
    assert (decision.verb, decision.number, decision.comment_id) == ("retry", 7, "71")
    assert decision.is_edit is (action == "edited")


def test_the_bot_is_called_by_its_own_name_too() -> None:
    decision = decide(
        Delivery(headers={"x-github-event": "issue_comment"}, body=b""),
        {
            "action": "created",
            "repository": REPOSITORY,
            "issue": {"number": 7, "pull_request": {}},
            "comment": {"id": 71, "body": "@acme-builder status", "user": {"login": "grace"}},
        },
        bot_login="acme-builder[bot]",
    )
    assert isinstance(decision, Command)
    assert decision.verb == "status"


def test_one_comment_decides_once_however_it_is_delivered_and_edited() -> None:
    first = comment("@agent approve")
    edited = comment("@agent reject not like this", action="edited", changes={"body": {"from": "hm"}})
    assert isinstance(first, Command)
    assert isinstance(edited, Command)
    assert first.delivery_id == edited.delivery_id == "issue_comment:71"


def test_an_edit_that_leaves_the_command_as_it_was_is_not_a_new_one() -> None:
    before: JsonValue = {"body": {"from": "@agent approve\n\nthnaks"}}
    assert isinstance(comment("@agent approve\n\nthanks", action="edited", changes=before), Ignore)


def test_a_mistyped_command_can_be_put_right_by_an_edit() -> None:
    wrong = comment("@agent aprove")
    right = comment("@agent approve", action="edited", changes={"body": {"from": "@agent aprove"}})
    assert isinstance(wrong, Command)
    assert "did you mean `approve`" in wrong.problem
    assert isinstance(right, Command)
    assert (right.verb, right.problem) == ("approve", "")
    assert wrong.delivery_id != right.delivery_id


def test_who_edits_is_who_commands() -> None:
    decision = comment("@agent approve", action="edited", login="grace", sender={"login": "mallory"})
    assert isinstance(decision, Command)
    assert decision.actor == "mallory"


@pytest.mark.parametrize(
    ("event", "payload", "field"),
    [
        ("check_suite", {"action": "completed", "check_suite": {}}, "check_suite.head_sha"),
        ("status", {"state": "failure", "sha": ["a"]}, "sha"),
        ("pull_request", {"action": "closed", "pull_request": {"number": -1}}, "pull_request.number"),
        ("pull_request", {"action": "closed", "repository": {"full_name": "x"}}, "repository.full_name"),
        (
            "issue_comment",
            {
                "action": "created",
                "issue": {"number": 7, "pull_request": {}},
                "comment": {"body": "@agent stop", "user": {"login": "grace"}},
            },
            "comment.id",
        ),
    ],
)
def test_a_field_that_is_needed_and_missing_is_named(
    event: str, payload: dict[str, JsonValue], field: str
) -> None:
    decision = decided(event, payload)
    assert isinstance(decision, Reject)
    assert f"the field {field} is" in decision.reason


def test_unknown_fields_pass() -> None:
    assert isinstance(comment("@agent stop", surprise={"new": [1]}), Command)
