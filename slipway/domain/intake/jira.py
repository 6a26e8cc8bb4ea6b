"""What a Jira webhook asks for. Pure: the same delivery always gives the same decision."""

from __future__ import annotations

import hashlib

from slipway.domain.intake.adf import to_markdown
from slipway.domain.intake.decisions import Ignore, JiraDecision, Reject, StartTicket, StateUpdate
from slipway.domain.intake.delivery import Delivery, JsonObject, at, objects, text
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


def decide(
    delivery: Delivery, payload: JsonObject, *, label: str, bot_account_id: str, site_url: str = ""
) -> JiraDecision:
    """Created with the label, or the label just added: work. Anything else is not for us."""
    event = text(payload, "webhookEvent")
    if not event:
        return Reject(reason="the payload has no webhookEvent")
    if event not in {"jira:issue_created", "jira:issue_updated"}:
        return Ignore(reason=f"event {event} does not start work")
    key = text(payload, "issue", "key")
    if not key:
        return Reject(reason=f"event {event} names no issue")
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
        ticket=ticket_from(payload["issue"] if isinstance(payload["issue"], dict) else {}, site_url=site_url),
        requested_by=text(payload, "user", "displayName") or actor,
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
        return f"{text(payload, 'issue', 'key')}#{text(payload, 'webhookEvent')}#{moment}"
    return delivery.header("x-atlassian-webhook-identifier") or hashlib.sha256(delivery.body).hexdigest()
