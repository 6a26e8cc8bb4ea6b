"""What a Sentry webhook asks for. Pure: the same delivery always gives the same decision."""

from __future__ import annotations

import hashlib
import re

from slipway.domain.alert import Alert, AlertKind, IssueStatus
from slipway.domain.intake.decisions import Ack, Ignore, Ingest, IssueChange, Reject, SentryDecision
from slipway.domain.intake.delivery import Delivery, FieldWrong, JsonObject, at, needed_id, objects, text
from slipway.domain.intake.stack_trace import stack_trace

SIGNATURE_HEADER = "Sentry-Hook-Signature"
LEGACY = (
    "Sentry's legacy WebHooks plugin does not sign what it sends, so it cannot be believed: remove it and "
    "create an internal integration with this address, then choose it as the action of an alert rule"
)
_STATUS: dict[str, IssueStatus | None] = {
    "resolved": "resolved",
    "archived": "ignored",
    "ignored": "ignored",
    "unresolved": "unresolved",
    "unignored": "unresolved",
    "assigned": None,
    "unassigned": None,
}
"""What became of an issue; None: nothing about whether it still happens."""
_ALERTING = {"critical", "warning", "open"}
_ISSUE_URL = re.compile(r"/issues/(\d{1,20})(?:/|$)")
_PROJECT_URL = re.compile(r"/projects/[^/]{1,100}/([^/]{1,100})/")
_TICKET_URL = re.compile(r"/browse/([A-Z][A-Z0-9_]{0,99}-\d{1,12})\b")
_TEXT = 4000


def decide(delivery: Delivery, payload: JsonObject) -> SentryDecision:
    """Alerts and new issues are ingested; what became of an issue is noted."""
    resource, action = delivery.header("sentry-hook-resource"), text(payload, "action")
    if "data" not in payload and ("event" in payload or "culprit" in payload):
        return Reject(reason=LEGACY)
    if not resource:
        return Reject(reason="the header Sentry-Hook-Resource is missing")
    if resource == "installation":
        return Ack(reason=f"installation {action}"[:200])
    try:
        return _decide(delivery, payload, resource=resource, action=action)
    except FieldWrong as error:
        return Reject(reason=f"{resource}: {error}"[:400])


def _decide(delivery: Delivery, payload: JsonObject, *, resource: str, action: str) -> SentryDecision:
    match resource:
        case "event_alert" if action == "triggered":
            event = _object(payload, "event")
            return _ingest(delivery, _from_event(event, kind=AlertKind.EVENT_ALERT))
        case "error" if action == "created":
            event = _object(payload, "error")
            return _ingest(delivery, _from_event(event, kind=AlertKind.ERROR))
        case "issue" if action == "created":
            return _ingest(delivery, _from_issue(_object(payload, "issue")))
        case "issue" if action in _STATUS:
            issue = _from_issue(_object(payload, "issue"))
            return IssueChange(
                delivery_id=_delivery_id(delivery),
                subject=issue.subject,
                status=_STATUS[action],
                reason=f"issue {issue.issue_id} was {action}",
            )
        case "metric_alert" if action in _ALERTING:
            return _ingest(delivery, _from_metric(payload))
        case "metric_alert" if action == "resolved":
            metric = _from_metric(payload)
            return IssueChange(
                delivery_id=_delivery_id(delivery),
                subject=metric.subject,
                status="resolved",
                reason=f"metric alert {metric.issue_id} was resolved",
            )
    return Ignore(reason=f"{resource} {action} is not for us"[:200])


def _ingest(delivery: Delivery, alert: Alert) -> Ingest:
    return Ingest(delivery_id=_delivery_id(delivery), alert=alert)


def _from_event(event: JsonObject, *, kind: AlertKind) -> Alert:
    url = text(event, "web_url")[:1000]
    title = _needed_line(event, "title")
    message = text(event, "logentry", "formatted") or text(event, "message")
    facts = {
        "Project": _project(event),
        "Where": text(event, "culprit"),
        "Environment": text(event, "environment"),
        "Release": text(event, "release"),
        "Seen": text(event, "datetime"),
    }
    return Alert(
        kind=kind,
        issue_id=_issue_id(event),
        title=title,
        culprit=_line(text(event, "culprit")),
        project=facts["Project"],
        level=_line(text(event, "level")) or "error",
        url=url,
        description=_markdown(title, facts, message=message, trace=stack_trace(event), url=url),
    )


def _from_issue(issue: JsonObject) -> Alert:
    url = (text(issue, "permalink") or text(issue, "web_url"))[:1000]
    title = _needed_line(issue, "title")
    facts = {
        "Project": _line(text(issue, "project", "slug")),
        "Where": text(issue, "culprit"),
        "First seen": text(issue, "firstSeen"),
    }
    links = [text(note, "url") for note in objects(issue, "annotations")]
    tickets = [match[1] for link in links if (match := _TICKET_URL.search(link))]
    return Alert(
        kind=AlertKind.ISSUE,
        issue_id=needed_id(issue, "id"),
        title=title,
        culprit=_line(text(issue, "culprit")),
        project=facts["Project"],
        level=_line(text(issue, "level")) or "error",
        url=url,
        description=_markdown(title, facts, message="", trace="", url=url),
        linked_ticket=tickets[0] if tickets else "",
    )


def _from_metric(payload: JsonObject) -> Alert:
    metric = _object(payload, "metric_alert")
    title = _line(text(payload, "data", "description_title")) or _needed_line(metric, "title")
    url = text(payload, "data", "web_url")[:1000]
    projects = at(metric, "projects")
    facts = {"Rule": text(metric, "alert_rule", "name")}
    return Alert(
        kind=AlertKind.METRIC_ALERT,
        issue_id=needed_id(metric, "id"),
        title=title,
        project=_line(str(projects[0])) if isinstance(projects, list) and projects else "",
        level="fatal" if text(payload, "action") == "critical" else "warning",
        url=url,
        description=_markdown(
            title, facts, message=text(payload, "data", "description_text"), trace="", url=url
        ),
    )


def _markdown(title: str, facts: dict[str, str], *, message: str, trace: str, url: str) -> str:
    listed = [f"- {name}: {_line(value)}" for name, value in facts.items() if value.strip()]
    if url:
        listed.append(f"- In Sentry: {url}")
    said = message.strip()[:_TEXT]
    parts = [title, "\n".join(listed), said if said not in title else ""]
    if trace:
        # A fence of its own length: what is inside cannot end it.
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", trace)), default=0))
        parts.append(f"{fence}\n{trace}\n{fence}")
    return "\n\n".join(part for part in parts if part)


def _object(payload: JsonObject, name: str) -> JsonObject:
    found = at(payload, "data", name)
    if not isinstance(found, dict):
        raise FieldWrong(f"the field data.{name} is missing")
    return found


def _needed_line(value: JsonObject, name: str) -> str:
    """A text that a person reads, on one line. Raises FieldWrong."""
    found = _line(text(value, name))
    if not found:
        raise FieldWrong(f"the field {name} is missing")
    return found


def _line(value: str) -> str:
    return " ".join(value.split())[:500]


def _issue_id(event: JsonObject) -> str:
    """Older payloads name the issue only in its addresses."""
    if at(event, "issue_id") is not None:
        return needed_id(event, "issue_id")
    for name in ("issue_url", "web_url"):
        if match := _ISSUE_URL.search(text(event, name)):
            return match[1]
    raise FieldWrong("the field issue_id is missing")


def _project(event: JsonObject) -> str:
    match = _PROJECT_URL.search(text(event, "url"))
    return match[1] if match else _line(text(event, "project_slug") or text(event, "project"))


def _delivery_id(delivery: Delivery) -> str:
    """Neither header is signed, so the signed body is part of it."""
    return f"{delivery.header('request-id')[:100]}#{hashlib.sha256(delivery.body).hexdigest()[:32]}"
