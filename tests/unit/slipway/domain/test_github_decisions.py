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
    body: str, *, login: str = "grace", kind: str = "User", on_pull_request: bool = True
) -> GitHubDecision:
    issue: dict[str, JsonValue] = {"number": 7}
    if on_pull_request:
        issue["pull_request"] = {"url": "x"}
    return decided(
        "issue_comment",
        {
            "action": "created",
            "issue": issue,
            "comment": {"body": body, "user": {"login": login, "type": kind}},
        },
    )


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
    assert (decision.verb, decision.argument, decision.actor) == ("reject", "wrong place", "grace")
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
