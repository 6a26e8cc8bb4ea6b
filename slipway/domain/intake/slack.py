"""What a request from Slack asks for. Pure: the same delivery always gives the same decision."""

from __future__ import annotations

import hashlib
import json
from typing import Literal
from urllib.parse import parse_qs

from slipway.domain.intake.commands import parse
from slipway.domain.intake.decisions import (
    ApprovalAction,
    Challenge,
    Command,
    Ignore,
    Interaction,
    Reject,
    SlackDecision,
)
from slipway.domain.intake.delivery import Delivery, JsonObject, is_object, objects, read_object, text

APPROVE_ACTION = "approve"
REJECT_ACTION = "reject"
REJECT_VIEW = "slipway_reject_reason"
REASON_BLOCK = "reason"
REASON_INPUT = "reason_text"


def decide_form(delivery: Delivery) -> SlackDecision:
    """A slash command or an interaction: both come as forms."""
    form = {name: values[0] for name, values in parse_qs(delivery.body.decode("utf-8", "replace")).items()}
    if "payload" in form:
        return _interaction(delivery, read_object(form["payload"]))
    if "command" not in form:
        return Reject(reason="neither a slash command nor an interaction")
    words = parse(form.get("text", ""))
    return Command(
        delivery_id=form.get("trigger_id") or _hash(delivery),
        channel="slack",
        actor=form.get("user_id", ""),
        verb=words.verb,
        argument=words.argument,
        trigger_id=form.get("trigger_id", ""),
        in_channel=form.get("channel_id", ""),
    )


def decide_event(delivery: Delivery, payload: JsonObject) -> SlackDecision:
    """The Events API: the URL's proof, and mentions."""
    kind = text(payload, "type")
    if kind == "url_verification":
        return Challenge(challenge=text(payload, "challenge"))
    if kind != "event_callback":
        return Reject(reason=f"type {kind or 'nothing'} is not of the Events API")
    event = payload.get("event")
    if not is_object(event) or text(event, "type") != "app_mention":
        return Ignore(reason=f"event {text(payload, 'event', 'type')} is not for us")
    if text(event, "bot_id") or text(event, "subtype") == "bot_message":
        return Ignore(reason="written by a bot; only people give commands")
    words = parse(text(event, "text"))
    return Command(
        delivery_id=text(payload, "event_id") or _hash(delivery),
        channel="slack",
        actor=text(event, "user"),
        verb=words.verb,
        argument=words.argument,
        in_channel=text(event, "channel"),
        in_thread=text(event, "thread_ts") or text(event, "ts"),
    )


def button_value(task_id: str, plan_hash: str) -> str:
    """What our buttons and dialogs carry."""
    return json.dumps({"task": task_id, "plan": plan_hash}, separators=(",", ":"))


def _interaction(delivery: Delivery, payload: JsonObject) -> SlackDecision:
    kind = text(payload, "type")
    if kind == "view_submission":
        return _dialog(delivery, payload)
    if kind != "block_actions":
        return Ignore(reason=f"interaction {kind or 'without a type'} is not ours")
    for action in objects(payload, "actions"):
        decision = _ACTIONS.get(text(action, "action_id"))
        if decision is not None:
            return _decided(delivery, payload, decision, text(action, "value"), reason=None)
    return Interaction(reason="none of our buttons")


def _dialog(delivery: Delivery, payload: JsonObject) -> SlackDecision:
    if text(payload, "view", "callback_id") != REJECT_VIEW:
        return Interaction(reason="not our dialog")
    reason = text(payload, "view", "state", "values", REASON_BLOCK, REASON_INPUT, "value")
    return _decided(delivery, payload, "reject", text(payload, "view", "private_metadata"), reason=reason)


def _decided(
    delivery: Delivery,
    payload: JsonObject,
    decision: Literal["approve", "reject"],
    value: str,
    *,
    reason: str | None,
) -> SlackDecision:
    try:
        subject = json.loads(value)
    except ValueError:
        return Interaction(reason="the button or dialog carries a value that is not ours")
    task_id, plan_hash = text(subject, "task"), text(subject, "plan")
    if not task_id or not plan_hash:
        return Interaction(reason="the button or dialog names no task")
    return ApprovalAction(
        delivery_id=text(payload, "trigger_id") or _hash(delivery),
        actor=text(payload, "user", "id"),
        decision=decision,
        task_id=task_id,
        plan_hash=plan_hash,
        reason=reason,
        trigger_id=text(payload, "trigger_id"),
        response_url=text(payload, "response_url"),
    )


def _hash(delivery: Delivery) -> str:
    return hashlib.sha256(delivery.header("x-slack-request-timestamp").encode() + delivery.body).hexdigest()


_ACTIONS: dict[str, Literal["approve", "reject"]] = {APPROVE_ACTION: "approve", REJECT_ACTION: "reject"}
