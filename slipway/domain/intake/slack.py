"""What a request from Slack asks for. Pure: the same delivery always gives the same decision."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Literal
from urllib.parse import parse_qs

from slipway.domain.intake.commands import Words, comment_command, comment_id, parse
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
    Delivery,
    FieldWrong,
    JsonObject,
    is_object,
    needed,
    objects,
    read_object,
    text,
)
from slipway.domain.problem import Refused

APPROVE_ACTION = "approve"
REJECT_ACTION = "reject"
REJECT_VIEW = "slipway_reject_reason"
REASON_BLOCK = "reason"
REASON_INPUT = "reason_text"
_FIELD_LIMIT = 100
_OURS = re.compile(r"[\w-]{1,100}")
_MENTIONED = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")


def decide_form(delivery: Delivery) -> SlackDecision:
    """A slash command or an interaction: both come as forms."""
    try:
        fields = parse_qs(delivery.body.decode("utf-8", "replace"), max_num_fields=_FIELD_LIMIT)
    except ValueError:
        return Reject(reason=f"the form has more than {_FIELD_LIMIT} fields")
    form: JsonObject = {name: values[0] for name, values in fields.items()}
    try:
        if "payload" in form:
            return _interaction(delivery, read_object(text(form, "payload")))
        if "command" in form:
            return _slash(delivery, form)
    except FieldWrong as error:
        return Reject(reason=str(error))
    if "ssl_check" in form:
        return Ignore(reason="Slack checks our certificate")
    return Reject(reason="the fields command and payload are missing: no slash command and no interaction")


def decide_event(payload: JsonObject) -> SlackDecision:
    """The Events API: the URL's proof, and mentions."""
    kind = text(payload, "type")
    if kind == "url_verification":
        challenge = text(payload, "challenge")
        return (
            Challenge(challenge=challenge) if challenge else Reject(reason="the field challenge is missing")
        )
    if kind != "event_callback":
        return Reject(reason=f"type {kind or 'nothing'} is not of the Events API"[:200])
    event = payload.get("event")
    if not is_object(event) or text(event, "type") != "app_mention":
        return Ignore(reason=f"event {text(payload, 'event', 'type')} is not for us"[:200])
    if text(event, "bot_id") or is_object(event.get("bot_profile")) or text(event, "subtype"):
        return Ignore(reason="written by a bot or changed; only what people write commands")
    try:
        return _mention(payload, event)
    except FieldWrong as error:
        return Reject(reason=str(error))


def _slash(delivery: Delivery, form: JsonObject) -> Command:
    words = parse(text(form, "text"))
    return Command(
        delivery_id=text(form, "trigger_id")[:200] or _hash(delivery),
        channel="slack",
        actor=needed(form, "user_id"),
        verb=words.verb,
        argument=words.argument,
        trigger_id=text(form, "trigger_id"),
        in_channel=text(form, "channel_id"),
        problem=words.problem,
    )


def _mention(payload: JsonObject, event: JsonObject) -> Command:
    """A mention that speaks to us at the start of no line asks for help."""
    ours = [text(one, "user_id") for one in objects(payload, "authorizations")]
    mentioned = _MENTIONED.findall(text(event, "text"))
    account = next((one for one in mentioned if not any(ours) or one in ours), "")
    # Slack escapes exactly these three.
    body = text(event, "text").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    words = comment_command(body, account=account) or Words(verb="help")
    moment = needed(event, "ts")
    # Moments are unique in a channel; without one there is no thread to answer in either.
    channel = text(event, "channel")[:200]
    place = channel or text(payload, "team_id")[:200]
    return Command(
        delivery_id=comment_id(place, moment, words),
        channel="slack",
        actor=needed(event, "user"),
        verb=words.verb,
        argument=words.argument,
        in_channel=channel,
        in_thread=(text(event, "thread_ts") or moment) if channel else "",
        comment_id=moment,
        is_edit=is_object(event.get("edited")),
        problem=words.problem,
    )


def button_value(task_id: str, plan_hash: str) -> str:
    """What our buttons and dialogs carry."""
    return json.dumps({"task": task_id, "plan": plan_hash}, separators=(",", ":"))


def _interaction(delivery: Delivery, payload: JsonObject) -> SlackDecision:
    kind = text(payload, "type")
    if kind == "view_submission":
        return _dialog(delivery, payload)
    if kind != "block_actions":
        return Ignore(reason=f"interaction {kind or 'without a type'} is not ours"[:200])
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
        subject = read_object(value)
    except Refused:
        return Interaction(reason="the button or dialog carries a value that is not ours")
    task_id, plan_hash = text(subject, "task"), text(subject, "plan")
    if not _OURS.fullmatch(task_id) or not _OURS.fullmatch(plan_hash):
        return Interaction(reason="the button or dialog names no task of ours")
    return ApprovalAction(
        delivery_id=text(payload, "trigger_id")[:200] or _hash(delivery),
        actor=needed(payload, "user", "id"),
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
