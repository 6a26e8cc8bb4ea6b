"""What a Jira webhook asks for. Pure: the same delivery always gives the same decision."""

from __future__ import annotations

import hashlib

from slipway.domain.intake.adf import to_markdown
from slipway.domain.intake.commands import carries_marker, comment_command, comment_id
from slipway.domain.intake.decisions import (
    Command,
    Ignore,
    JiraDecision,
    Reject,
    StartTicket,
    StateUpdate,
)
from slipway.domain.intake.delivery import (
    Delivery,
    FieldWrong,
    JsonObject,
    at,
    is_object,
    needed,
    needed_key,
    objects,
    text,
)
from slipway.domain.ticket import Priority, Ticket

SIGNATURE_HEADER = "X-Hub-Signature"
_PRIORITIES = {
    "highest": Priority.CRITICAL,
    "blocker": Priority.CRITICAL,
    "critical": Priority.CRITICAL,
    "high": Priority.HIGH,
    "major": Priority.HIGH,
    "medium": Priority.MEDIUM,
    "low": Priority.LOW,
    "minor": Priority.LOW,
    "lowest": Priority.LOW,
    "trivial": Priority.LOW,
}


_COMMENTED = {
    "comment_created": False,
    "comment_updated": True,
    "issue_commented": False,
    "issue_comment_edited": True,
}
"""Events, also those within an update of the issue, that carry what a person wrote; True: an edit."""


def decide(
    delivery: Delivery, payload: JsonObject, *, label: str, bot_account_id: str, site_url: str = ""
) -> JiraDecision:
    """Created with the label, or the label just added: work. A comment may be a command."""
    event = text(payload, "webhookEvent")
    if not event:
        return Reject(reason="the field webhookEvent is missing")
    try:
        decision: JiraDecision = Ignore(reason=f"event {event} does not start work"[:200])
        if event in {"jira:issue_created", "jira:issue_updated"}:
            decision = _issue(
                delivery,
                payload,
                event=event,
                label=label,
                bot_account_id=bot_account_id,
                site_url=site_url,
            )
        is_edit = _commented(event, payload)
        if isinstance(decision, Ignore) and is_edit is not None:
            return _comment(payload, bot_account_id=bot_account_id, is_edit=is_edit)
        return decision
    except FieldWrong as error:
        return Reject(reason=f"{event}: {error}")
    except RecursionError:
        return Reject(reason=f"{event}: its text is nested too deeply")


def _commented(event: str, payload: JsonObject) -> bool | None:
    """Whether the comment was edited; None when the event is about something else."""
    if "comment" not in payload:
        return None
    if event == "jira:issue_updated":
        event = text(payload, "issue_event_type_name")
    return _COMMENTED.get(event)


def _issue(
    delivery: Delivery, payload: JsonObject, *, event: str, label: str, bot_account_id: str, site_url: str
) -> JiraDecision:
    key = needed_key(payload, "issue", "key")
    actor = text(payload, "user", "accountId")
    if bot_account_id and actor == bot_account_id:
        return Ignore(reason="caused by our own account")
    added, removed = _label_changes(payload)
    if event == "jira:issue_created" and label not in _labels(payload) | added:
        return Ignore(reason=f"{key} was created without the label {label}")
    if event == "jira:issue_updated" and label in removed:
        return StateUpdate(
            delivery_id=_delivery_id(delivery, payload), reason=f"label {label} was removed from {key}"
        )
    if event == "jira:issue_updated" and label not in added:
        return Ignore(reason=f"this change of {key} did not add the label {label}")
    return StartTicket(
        delivery_id=_delivery_id(delivery, payload),
        ticket=ticket_from(payload["issue"] if is_object(payload["issue"]) else {}, site_url=site_url),
        requested_by=text(payload, "user", "displayName") or actor,
    )


def _comment(payload: JsonObject, *, bot_account_id: str, is_edit: bool) -> JiraDecision:
    writer = "updateAuthor" if is_edit and at(payload, "comment", "updateAuthor") is not None else "author"
    actor = text(payload, "comment", writer, "accountId") or text(payload, "comment", writer, "name")
    authors = {text(payload, "comment", who, "accountId") for who in ("author", "updateAuthor")}
    if bot_account_id and bot_account_id in authors:
        return Ignore(reason="written by ourselves")
    if text(payload, "comment", writer, "accountType") == "app":
        return Ignore(reason="written by an app; only people give commands")
    body = to_markdown(at(payload, "comment", "body"), our_account=bot_account_id)
    if carries_marker(body):
        return Ignore(reason="written by ourselves")
    words = comment_command(body)
    if words is None:
        return Ignore(reason="the comment is not a command")
    if not actor:
        raise FieldWrong(f"the field comment.{writer}.accountId is missing")
    number = needed(payload, "comment", "id")
    return Command(
        delivery_id=comment_id("comment", number, words),
        channel="jira",
        actor=actor,
        actor_name=text(payload, "comment", writer, "displayName"),
        verb=words.verb,
        argument=words.argument,
        ticket_key=needed_key(payload, "issue", "key"),
        comment_id=number,
        is_edit=is_edit,
        problem=words.problem,
    )


def ticket_from(issue: JsonObject, *, site_url: str = "") -> Ticket:
    """An issue as REST and webhooks give it, without its attachments' content."""
    key = text(issue, "key")
    labels = at(issue, "fields", "labels")
    return Ticket(
        key=key,
        url=f"{site_url.rstrip('/')}/browse/{key}" if site_url else "",
        summary=text(issue, "fields", "summary"),
        description=to_markdown(at(issue, "fields", "description")),
        labels=tuple(str(one) for one in labels) if isinstance(labels, list) else (),
        priority=_PRIORITIES.get(text(issue, "fields", "priority", "name").lower(), Priority.MEDIUM),
        reporter=text(issue, "fields", "reporter", "displayName"),
    )


def _labels(payload: JsonObject) -> set[str]:
    labels = at(payload, "issue", "fields", "labels")
    return {str(label) for label in labels} if isinstance(labels, list) else set()


def _label_changes(payload: JsonObject) -> tuple[set[str], set[str]]:
    added: set[str] = set()
    removed: set[str] = set()
    for item in objects(payload, "changelog", "items"):
        if text(item, "field").lower() == "labels":
            before, after = set(text(item, "fromString").split()), set(text(item, "toString").split())
            added |= after - before
            removed |= before - after
    return added, removed


def _delivery_id(delivery: Delivery, payload: JsonObject) -> str:
    """Jira repeats a delivery with the same issue, event and timestamp, whatever else changes."""
    moment = at(payload, "timestamp")
    if isinstance(moment, int):
        return f"{text(payload, 'issue', 'key')}#{text(payload, 'webhookEvent')}#{moment}"[:200]
    sent = delivery.header("x-atlassian-webhook-identifier")[:200]
    return sent or hashlib.sha256(delivery.body).hexdigest()
