"""A request from Slack from raw bytes to answer: every person who asks is answered."""

from __future__ import annotations

from slipway.domain.errors import Retryable, SlipwayError
from slipway.domain.intake import slack
from slipway.domain.intake.decisions import (
    ApprovalAction,
    Challenge,
    Command,
    Ignore,
    Interaction,
    Reject,
    SlackDecision,
)
from slipway.domain.intake.delivery import (
    FORM_TYPE,
    JSON_TYPE,
    Delivery,
    check_content_type,
    check_size,
    read_object,
)
from slipway.domain.intake.signatures import check_slack_signature
from slipway.domain.problem import refuse
from slipway.ports.chat import MessageRef
from slipway.ports.platform import Platform
from slipway.services.carry_out_command import Person, carry_out_command
from slipway.services.decide_approval import DecisionOrder, decide_approval
from slipway.services.once import once
from slipway.services.reply import Reply, ignored

SOURCE = "slack"
_THANKS = Reply(status=200, body={})


def receive_slack_form(delivery: Delivery, platform: Platform) -> Reply:
    """Slash commands and interactivity."""
    _check(delivery, platform, content_type=FORM_TYPE)
    return _answer(slack.decide_form(delivery), platform)


def receive_slack_event(delivery: Delivery, platform: Platform) -> Reply:
    """The Events API."""
    _check(delivery, platform, content_type=JSON_TYPE)
    return _answer(slack.decide_event(read_object(delivery.body)), platform)


def _check(delivery: Delivery, platform: Platform, *, content_type: str) -> None:
    check_size(delivery)
    secrets = [secret.get_secret_value() for secret in platform.secrets.slack().signing_secrets]
    check_slack_signature(delivery, secrets, now=platform.clock().timestamp())
    check_content_type(delivery, content_type)


def _answer(decision: SlackDecision, platform: Platform) -> Reply:
    match decision:
        case Challenge(challenge=challenge):
            return Reply(status=200, body={"challenge": challenge})
        case Ignore(reason=reason) | Interaction(reason=reason):
            return ignored(reason)
        case Reject(reason=reason):
            raise refuse(400, "Not a Slack request", reason)
        case Command():
            return _command(decision, platform)
        case ApprovalAction():
            return _action(decision, platform)


def _command(command: Command, platform: Platform) -> Reply:
    name = platform.chat.approver(command.actor)
    person = Person(
        name=name or f"<@{command.actor}>",
        channel="slack",
        account=command.actor,
        may_decide=name is not None,
    )
    with once(SOURCE, command.delivery_id, platform) as is_first:
        if not is_first:
            return ignored("this request was handled before")
        answer = command.problem or carry_out_command(
            command.verb, command.argument, person=person, platform=platform
        )
    if not command.in_thread:
        return Reply(status=200, body={"response_type": "ephemeral", "text": answer})
    platform.chat.say(answer, thread=MessageRef(channel=command.in_channel, ts=command.in_thread))
    return _THANKS


def _action(action: ApprovalAction, platform: Platform) -> Reply:
    with once(SOURCE, action.delivery_id, platform) as is_first:
        if not is_first:
            return ignored("this request was handled before")
        answer = _decide(action, platform)
        if answer is not None:
            platform.chat.whisper(action.actor, answer)
    return _THANKS


def _decide(action: ApprovalAction, platform: Platform) -> str | None:
    """The answer; None when a dialog is the answer."""
    name = platform.chat.approver(action.actor)
    if name is None:
        return "You are not an approver, so nothing was decided. Ask someone who is to press the button."
    if action.decision == "reject" and action.reason is None:
        platform.chat.ask_reason(action.trigger_id, task_id=action.task_id, plan_hash=action.plan_hash)
        return None
    try:
        return decide_approval(
            DecisionOrder(
                task_id=action.task_id,
                decision=action.decision,
                actor=name,
                channel="slack",
                reason=action.reason or "",
                plan_hash=action.plan_hash,
            ),
            platform,
        )
    except Retryable as error:
        return f"That did not work just now ({error}). Press again in a moment."
    except SlipwayError as error:
        return str(error)
