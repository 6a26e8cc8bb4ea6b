"""The promises of the ports that sleeping steps use, kept by every adapter."""

from __future__ import annotations

import pytest

from slipway.domain.approval import ApprovalDecision, ApprovalRequest
from slipway.domain.ci_wait import CiOutcome, CiWait, FailedHead, WatchedHead
from slipway.domain.errors import NotFound
from slipway.ports.platform import Platform
from tests.builders import START


def a_request(*, token: str = "t1", plan_hash: str = "h1") -> ApprovalRequest:
    return ApprovalRequest(
        task_id="eng-1",
        plan_hash=plan_hash,
        task_token=token,
        requested_at=START,
        expires_at=START,
        estimate_low_usd=0.15,
        estimate_high_usd=1.2,
        estimate_minutes=6.0,
        risk="low",
    )


def a_decision(*, plan_hash: str = "h1", actor: str = "Ada") -> ApprovalDecision:
    return ApprovalDecision(
        task_id="eng-1", plan_hash=plan_hash, decision="approve", actor=actor, channel="slack", at=START
    )


def test_a_request_comes_back_as_it_was_put(platform: Platform) -> None:
    assert platform.approvals.get("eng-1") is None
    platform.approvals.put(a_request())
    assert platform.approvals.get("eng-1") == a_request()


def test_the_first_decision_counts_and_the_second_does_not(platform: Platform) -> None:
    platform.approvals.put(a_request())
    assert platform.approvals.decide(a_decision(actor="Ada"))
    assert not platform.approvals.decide(a_decision(actor="Bob"))
    stored = platform.approvals.get("eng-1")
    assert stored is not None
    assert stored.decision is not None
    assert stored.decision.actor == "Ada"


def test_a_decision_on_another_plan_does_not_count(platform: Platform) -> None:
    assert not platform.approvals.decide(a_decision())
    platform.approvals.put(a_request(plan_hash="h2"))
    assert not platform.approvals.decide(a_decision(plan_hash="h1"))


def test_placing_the_card_keeps_a_decision_taken_meanwhile(platform: Platform) -> None:
    platform.approvals.put(a_request())
    platform.approvals.decide(a_decision())
    platform.approvals.place("eng-1", channel="C1", ts="1.0")
    stored = platform.approvals.get("eng-1")
    assert stored is not None
    assert (stored.slack_ts, stored.decision) == ("1.0", a_decision())


def test_one_caller_reminds(platform: Platform) -> None:
    platform.approvals.put(a_request())
    assert platform.approvals.mark_reminded("eng-1")
    assert not platform.approvals.mark_reminded("eng-1")


def test_nobody_is_reminded_of_what_is_decided(platform: Platform) -> None:
    platform.approvals.put(a_request())
    platform.approvals.decide(a_decision())
    assert not platform.approvals.mark_reminded("eng-1")


def a_wait(token: str = "t1") -> CiWait:
    return CiWait(
        task_id="eng-1",
        task_token=token,
        round=0,
        heads=(WatchedHead(repository="acme/a", number=1, head_sha="abc"),),
        registered_at=START,
    )


def test_a_wait_is_concluded_once(platform: Platform) -> None:
    platform.ci_waits.put(a_wait())
    red = CiOutcome(state="failure", round=1, failed=(FailedHead(repository="acme/a", number=1),))
    assert platform.ci_waits.conclude("eng-1", task_token="t1", outcome=red)
    assert not platform.ci_waits.conclude("eng-1", task_token="t1", outcome=red)
    stored = platform.ci_waits.get("eng-1")
    assert stored == a_wait().model_copy(update={"outcome": red})


def test_an_old_signal_cannot_conclude_a_new_wait(platform: Platform) -> None:
    platform.ci_waits.put(a_wait("t2"))
    green = CiOutcome(state="success", round=0)
    assert not platform.ci_waits.conclude("eng-1", task_token="t1", outcome=green)
    assert not platform.ci_waits.conclude("eng-2", task_token="t1", outcome=green)


def test_artifacts_come_back_and_missing_ones_are_named(platform: Platform) -> None:
    platform.artifacts.put("tasks/eng-1/ticket.json", b"{}")
    platform.artifacts.put("tasks/eng-1/ticket.json", b"[]")
    assert platform.artifacts.get("tasks/eng-1/ticket.json") == b"[]"
    assert platform.artifacts.exists("tasks/eng-1/ticket.json")
    assert not platform.artifacts.exists("tasks/eng-1/other.json")
    with pytest.raises(NotFound, match=r"other\.json"):
        platform.artifacts.get("tasks/eng-1/other.json")


def test_an_execution_starts_once_and_can_be_stopped_twice(platform: Platform) -> None:
    first = platform.workflow.start("eng-1-00000001", input_json="{}")
    assert platform.workflow.start("eng-1-00000001", input_json="{}") == first
    assert platform.workflow.status("eng-1-00000001") == "running"
    platform.workflow.stop("eng-1-00000001", error="Stopped", cause="by Ada")
    platform.workflow.stop("eng-1-00000001", error="Stopped", cause="by Ada")
    assert platform.workflow.status("eng-1-00000001") == "stopped"


def test_an_execution_that_never_began_is_missing(platform: Platform) -> None:
    assert platform.workflow.status("eng-2-00000001") == "missing"
    platform.workflow.stop("eng-2-00000001", error="Stopped", cause="by Ada")
