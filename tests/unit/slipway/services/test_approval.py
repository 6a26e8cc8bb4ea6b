"""Asking people, and taking one decision on one plan."""

from __future__ import annotations

import json

import pytest

from slipway.adapters.memory.chat import MemoryChat
from slipway.domain.errors import InvalidInput, PolicyRefused, UpstreamUnavailable
from slipway.domain.plan import plan_hash
from slipway.domain.task import InvalidTransition, TaskState
from slipway.ports.chat import ApprovalCard, MessageRef
from slipway.services.complete_decision import complete_decision
from slipway.services.decide_approval import DecisionOrder, decide_approval
from slipway.services.end_task import end_task
from slipway.services.receive_slack import receive_slack_form
from slipway.services.reconcile import reconcile
from slipway.services.request_approval import request_approval
from tests.builders import REPOSITORY, TickingClock, a_plan, a_platform
from tests.world import BRANCH, PLAN_TEXT, World, slack_delivery

HASH = plan_hash(PLAN_TEXT)


def decide(world: World, decision: str = "approve", *, reason: str = "", seen: str | None = None) -> str:
    order = DecisionOrder(
        task_id=world.task_id,
        decision="approve" if decision == "approve" else "reject",
        actor="Ada",
        channel="cli",
        reason=reason,
        plan_hash=seen,
    )
    return decide_approval(order, world.platform)


def test_the_card_says_what_a_person_needs() -> None:
    world = World()
    world.awaiting_approval()
    (card,) = world.platform.chat.cards.values()
    assert card.plan_hash == HASH
    assert card.files == ("src/price.py", "tests/test_price.py")
    assert (card.risk, card.pull_requests) == (
        "low",
        ((f"{REPOSITORY}#1", f"https://forge.test/{REPOSITORY}/pull/1"),),
    )
    assert "$0.15 to $1.20" in card.estimate
    (comment,) = world.platform.forge.comments[REPOSITORY, 1].values()
    assert "/agent approve" in comment


def test_everything_said_about_a_task_is_in_its_one_thread() -> None:
    clock = TickingClock()
    world = World(platform=a_platform(clock=clock))
    world.awaiting_approval()
    clock.pass_time(hours=13)
    reconcile(world.platform)
    decide(world, "reject", reason="no")
    end_task(world.task_id, error="ApprovalRejected", cause="no", platform=world.platform)
    chat = world.platform.chat
    ((card, _),) = chat.cards.items()
    assert world.task.slack_thread == "1.0"
    assert chat.threads == {ts: "1.0" for ts in chat.messages if ts != "1.0"}
    assert "rejected (no) by Ada" in chat.closed[card]
    assert [*chat.messages.values()][2].startswith("The plan of ENG-1 still waits")
    assert [*chat.messages.values()][-1].startswith("ENG-1 ended as *rejected*")


def test_the_pull_request_no_longer_asks_once_it_was_decided() -> None:
    world = World()
    world.awaiting_approval()
    decide(world)
    (comment,) = world.platform.forge.comments[REPOSITORY, 1].values()
    assert comment.startswith("**This plan was approved by Ada.**")
    assert "/agent approve" not in comment


def test_an_approval_wakes_the_workflow_with_who_and_what() -> None:
    world = World()
    token = world.awaiting_approval()
    assert "carried out" in decide(world, seen=HASH)
    assert json.loads(world.platform.step_tokens.outputs[token]) == {
        "decision": "approve",
        "actor": "Ada",
        "plan_hash": HASH,
    }
    assert len(world.platform.chat.closed) == 1


def test_a_rejection_fails_the_step_by_its_name_with_the_reason() -> None:
    world = World()
    token = world.awaiting_approval()
    decide(world, "reject", reason="wrong repository")
    assert world.platform.step_tokens.failures[token] == (
        "ApprovalRejected",
        "rejected by Ada: wrong repository",
    )


def test_a_rejection_without_a_reason_is_asked_again() -> None:
    world = World()
    world.awaiting_approval()
    with pytest.raises(InvalidInput, match="reason"):
        decide(world, "reject", reason="  ")


def test_a_second_decision_is_told_about_the_first() -> None:
    world = World()
    world.awaiting_approval()
    decide(world)
    with pytest.raises(InvalidTransition, match="approve by Ada"):
        decide(world, "reject", reason="late")


def test_a_button_of_an_older_plan_decides_nothing() -> None:
    world = World()
    token = world.awaiting_approval()
    with pytest.raises(PolicyRefused, match="changed"):
        decide(world, seen="old")
    assert token in world.platform.step_tokens.open


def test_a_plan_edited_after_it_was_shown_asks_again() -> None:
    world = World()
    token = world.awaiting_approval()
    edited = PLAN_TEXT + "\nAlso the README.\n"
    world.platform.forge.commit(REPOSITORY, BRANCH, {"PLAN.md": edited}, message="edit")
    with pytest.raises(PolicyRefused, match="asked again"):
        decide(world)
    assert token in world.platform.step_tokens.open
    (card,) = world.platform.chat.cards.values()
    assert card.plan_hash == plan_hash(edited)
    decide(world, seen=plan_hash(edited))
    assert token in world.platform.step_tokens.outputs
    assert world.task.plan_hash == plan_hash(edited)


def test_a_plan_that_differs_between_branches_is_not_decided() -> None:
    world = World(plan=a_plan("acme/lib", "acme/app"))
    world.awaiting_approval()
    world.platform.forge.commit("acme/app", BRANCH, {"PLAN.md": "other"}, message="edit")
    with pytest.raises(PolicyRefused, match="acme/app"):
        decide(world)


def test_a_retried_step_replaces_its_token_and_keeps_one_card() -> None:
    world = World()
    world.awaiting_approval()
    again = world.token()
    request_approval(world.task_id, again, world.platform)
    assert len(world.platform.chat.cards) == 1
    decide(world)
    assert again in world.platform.step_tokens.outputs


def test_a_step_retried_after_the_decision_learns_it_at_once() -> None:
    world = World()
    world.awaiting_approval()
    decide(world)
    again = world.token()
    request_approval(world.task_id, again, world.platform)
    assert json.loads(world.platform.step_tokens.outputs[again])["actor"] == "Ada"


def test_a_decision_lost_on_its_way_is_told_by_the_reconciler() -> None:
    world = World()
    token = world.awaiting_approval()
    world.platform.step_tokens.open.clear()
    assert "no longer waits" in decide(world)
    world.platform.step_tokens.issue(token)
    assert reconcile(world.platform) == {"repaired": 1}
    assert token in world.platform.step_tokens.outputs


def test_people_are_reminded_once_at_half_time() -> None:
    clock = TickingClock()
    world = World(platform=a_platform(clock=clock))
    world.awaiting_approval()
    reconcile(world.platform)
    assert "approval_reminded" not in world.history
    clock.pass_time(hours=13)
    assert reconcile(world.platform) == {"reminded": 1}
    assert reconcile(world.platform) == {}


def test_a_card_that_comes_after_the_decision_has_no_buttons_left() -> None:
    class SlowChat(MemoryChat):
        def ask(
            self, card: ApprovalCard, *, thread: MessageRef | None = None, replace: MessageRef | None = None
        ) -> MessageRef:
            decide(world)
            return super().ask(card, thread=thread, replace=replace)

    world = World()
    world.planned()
    object.__setattr__(world.platform, "chat", SlowChat())
    request_approval(world.task_id, world.token(), world.platform)
    (closed,) = world.platform.chat.closed.values()
    assert "approved by Ada" in closed


def test_without_a_decision_there_is_nothing_to_tell() -> None:
    world = World()
    world.awaiting_approval()
    request = world.platform.approvals.get(world.task_id)
    assert request is not None
    assert not complete_decision(request, world.platform)


def click(world: World, action: str, *, user: str = "U1", trigger: str = "t1") -> None:
    value = json.dumps({"task": world.task_id, "plan": HASH})
    payload = {
        "type": "block_actions",
        "user": {"id": user},
        "trigger_id": trigger,
        "actions": [{"action_id": action, "value": value}],
    }
    now = world.platform.clock().timestamp()
    reply = receive_slack_form(slack_delivery({"payload": json.dumps(payload)}, now=now), world.platform)
    assert reply.status == 200


def test_the_approve_button_approves_once_however_often_it_is_pressed() -> None:
    world = World()
    token = world.awaiting_approval()
    click(world, "approve", trigger="t1")
    click(world, "approve", trigger="t1")
    click(world, "approve", trigger="t2")
    assert token in world.platform.step_tokens.outputs
    assert world.history.count("approval_decided") == 1
    assert [user for user, _ in world.platform.chat.whispers] == ["U1", "U1"]


def test_the_reject_button_asks_for_the_reason_first() -> None:
    world = World()
    token = world.awaiting_approval()
    click(world, "reject")
    assert world.platform.chat.dialogs == [("t1", world.task_id, HASH)]
    assert token in world.platform.step_tokens.open


def test_someone_who_is_no_approver_is_told_so() -> None:
    world = World()
    token = world.awaiting_approval()
    click(world, "approve", user="U9")
    assert token in world.platform.step_tokens.open
    ((user, text),) = world.platform.chat.whispers
    assert user == "U9"
    assert "not an approver" in text


def test_a_chat_that_is_down_does_not_break_the_task() -> None:
    class Down:
        def ask(self, card: ApprovalCard, **_: MessageRef | None) -> MessageRef:
            raise UpstreamUnavailable("Slack did not answer")

    world = World()
    world.planned()
    object.__setattr__(world.platform, "chat", Down())
    request_approval(world.task_id, world.token(), world.platform)
    assert world.task.state is TaskState.AWAITING_APPROVAL
    assert "notification_failed" in world.history
