"""Well-formed deliveries of every source: what fuzzing begins with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from pydantic import JsonValue

from slipway.domain.intake.delivery import FORM_TYPE, JSON_TYPE, JsonObject
from slipway.domain.intake.slack import button_value

SHOP = "acme/shop"
WAITING_TASK, WAITING_PLAN, WAITING_PULL = "shop-1-00000001", "plan-of-shop-1", 1
WATCHED_TASK, WATCHED_SHA, WATCHED_PULL = "shop-2-00000002", "c0ffee" + "0" * 34, 2
"""What the fuzzed platform has open: a plan that waits for a person, and checks that are waited for."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One request before it is signed. `form` values that are objects travel as JSON, as Slack sends them."""

    source: str
    handler: str
    path: str
    payload: JsonObject
    headers: Mapping[str, str] = field(default_factory=dict)
    is_form: bool = False

    def body(self, payload: JsonObject) -> bytes:
        """The bytes that are signed and sent."""
        if not self.is_form:
            return json.dumps(payload).encode()
        fields = {
            name: value if isinstance(value, str) else json.dumps(value) for name, value in payload.items()
        }
        return urlencode(fields, errors="replace").encode()

    @property
    def content_type(self) -> str:
        """What the source says of its body."""
        return FORM_TYPE if self.is_form else JSON_TYPE


def _jira_issue(event: str, **changes: JsonValue) -> Sent:
    payload: JsonObject = {
        "timestamp": 1770000000000,
        "webhookEvent": event,
        "user": {"accountId": "5b10", "displayName": "Grace Hopper"},
        "issue": {
            "id": "10001",
            "key": "SHOP-10",
            "fields": {
                "summary": "Checkout fails for an empty basket",
                "description": {
                    "type": "doc",
                    "version": 1,
                    "content": [
                        {"type": "paragraph", "content": [{"type": "text", "text": "See the trace."}]}
                    ],
                },
                "labels": ["AI", "checkout"],
                "priority": {"name": "High"},
                "reporter": {"displayName": "Ada"},
            },
        },
        **changes,
    }
    return Sent(source="jira", handler="jira_webhook", path="/webhooks/jira", payload=payload)


def _label_added() -> JsonObject:
    return {"items": [{"field": "labels", "fromString": "checkout", "toString": "checkout AI"}]}


def _jira_comment(event: str, body: JsonValue) -> Sent:
    author: JsonObject = {"accountId": "5b10", "displayName": "Grace Hopper", "accountType": "atlassian"}
    return Sent(
        source="jira",
        handler="jira_webhook",
        path="/webhooks/jira",
        payload={
            "webhookEvent": event,
            "issue": {"key": "SHOP-1"},
            "comment": {"id": "10050", "body": body, "author": author, "updateAuthor": author},
        },
    )


def _github_event(event: str, payload: JsonObject) -> Sent:
    return Sent(
        source="github",
        handler="github_webhook",
        path="/webhooks/github",
        headers={"x-github-event": event},
        payload={
            "repository": {"full_name": SHOP},
            "sender": {"login": "grace", "type": "User"},
            "installation": {"id": 7},
            **payload,
        },
    )


def _github_comment(event: str, action: str, text: str) -> Sent:
    written: JsonObject = {"id": 71, "body": text, "user": {"login": "grace", "type": "User"}}
    on: JsonObject = {"number": WAITING_PULL, "pull_request": {"url": "https://api.github.test/1"}}
    return _github_event(
        event,
        {
            "action": action,
            "issue": on,
            "pull_request": on,
            "comment": written,
            "review": written,
            "changes": {"body": {"from": "thanks"}},
        },
    )


def _checks(event: str, conclusion: str) -> Sent:
    return _github_event(
        event,
        {
            "action": "completed",
            event: {
                "head_sha": WATCHED_SHA,
                "status": "completed",
                "conclusion": conclusion,
                "pull_requests": [{"number": WATCHED_PULL}],
            },
        },
    )


def _sentry_event(resource: str, action: str, data: JsonObject) -> Sent:
    return Sent(
        source="sentry",
        handler="sentry_webhook",
        path="/webhooks/sentry",
        headers={"sentry-hook-resource": resource},
        payload={"action": action, "data": data, "installation": {"uuid": "a8e5"}},
    )


def _sentry_issue(action: str) -> Sent:
    return _sentry_event(
        "issue",
        action,
        {
            "issue": {
                "id": "1170820242",
                "title": "ZeroDivisionError: division by zero",
                "culprit": "shop.basket in price",
                "permalink": "https://sentry.test/organizations/acme/issues/1170820242/",
                "project": {"id": "1", "slug": "shop"},
                "level": "error",
                "annotations": [{"url": "https://jira.test/browse/SHOP-1", "displayName": "SHOP-1"}],
            }
        },
    )


def _sentry_alert() -> Sent:
    frames: list[JsonValue] = [
        {"filename": "shop/basket.py", "function": "price", "lineno": 12, "context_line": "return s / n"}
    ]
    return _sentry_event(
        "event_alert",
        "triggered",
        {
            "event": {
                "event_id": "e4874d",
                "issue_id": "1117540176",
                "title": "ZeroDivisionError: division by zero",
                "culprit": "shop.basket in price",
                "level": "error",
                "url": "https://sentry.test/api/0/projects/acme/shop/events/e4874d/",
                "web_url": "https://sentry.test/organizations/acme/issues/1117540176/events/e4874d/",
                "exception": {
                    "values": [
                        {
                            "type": "ZeroDivisionError",
                            "value": "division by zero",
                            "stacktrace": {"frames": frames},
                        }
                    ]
                },
            },
            "triggered_rule": "new crashes",
        },
    )


def _metric(action: str) -> Sent:
    return _sentry_event(
        "metric_alert",
        action,
        {
            "metric_alert": {
                "id": "7",
                "title": "Errors of shop",
                "projects": ["shop"],
                "alert_rule": {"name": "too many errors"},
            },
            "description_title": "Critical: too many errors",
            "description_text": "200 events in the last hour",
            "web_url": "https://sentry.test/organizations/acme/alerts/rules/details/7/",
        },
    )


def _slash(text: str) -> Sent:
    return Sent(
        source="slack",
        handler="slack_webhook",
        path="/slack/commands",
        is_form=True,
        payload={
            "command": "/slipway",
            "text": text,
            "user_id": "U1",
            "channel_id": "C1",
            "team_id": "T1",
            "trigger_id": "13345224609.738474920",
        },
    )


def _interaction(payload: JsonObject) -> Sent:
    person: JsonObject = {"user": {"id": "U1", "username": "ada"}, "trigger_id": "13345224609.8088930492"}
    return Sent(
        source="slack",
        handler="slack_webhook",
        path="/slack/interactivity",
        is_form=True,
        payload={"payload": person | payload},
    )


def _button(action: str) -> Sent:
    value = button_value(WAITING_TASK, WAITING_PLAN)
    return _interaction({"type": "block_actions", "actions": [{"action_id": action, "value": value}]})


def _dialog() -> Sent:
    return _interaction(
        {
            "type": "view_submission",
            "view": {
                "callback_id": "slipway_reject_reason",
                "private_metadata": button_value(WAITING_TASK, WAITING_PLAN),
                "state": {"values": {"reason": {"reason_text": {"value": "Too risky before the sale."}}}},
            },
        }
    )


def _slack_event(event: JsonObject) -> Sent:
    return Sent(
        source="slack",
        handler="slack_webhook",
        path="/slack/events",
        payload={
            "type": "event_callback",
            "team_id": "T1",
            "authorizations": [{"user_id": "UBOT"}],
            "event": event,
            "event_id": "Ev08MFMKH6",
        },
    )


def _mention(text: str) -> Sent:
    return _slack_event(
        {"type": "app_mention", "user": "U1", "text": text, "ts": "1515449522.000016", "channel": "C1"}
    )


WELL_FORMED: tuple[Sent, ...] = (
    _jira_issue("jira:issue_created"),
    _jira_issue("jira:issue_updated", changelog=_label_added()),
    _jira_issue("jira:issue_deleted"),
    _jira_comment("comment_created", "@slipway status"),
    _jira_comment("comment_created", "/agent stop please"),
    _jira_comment("comment_updated", "@agent explain"),
    _github_event("ping", {"zen": "Keep it logically awesome."}),
    _github_comment("issue_comment", "created", "/slipway approve"),
    _github_comment("issue_comment", "edited", "/slipway reject too risky"),
    _github_comment("pull_request_review_comment", "created", "@agent explain"),
    _github_comment("pull_request_review", "submitted", "> quoted\n\n@slipway status"),
    _checks("check_suite", "success"),
    _checks("check_run", "failure"),
    _checks("workflow_run", "timed_out"),
    _github_event("status", {"sha": WATCHED_SHA, "state": "success", "context": "ci"}),
    _github_event(
        "pull_request", {"action": "closed", "pull_request": {"number": WATCHED_PULL, "merged": False}}
    ),
    _github_event("installation", {"action": "created"}),
    _sentry_alert(),
    _sentry_issue("created"),
    _sentry_issue("resolved"),
    _metric("critical"),
    _metric("resolved"),
    _slash("list"),
    _slash(f"approve {WAITING_TASK}"),
    _slash("logs SHOP-1 5"),
    _button("approve"),
    _button("reject"),
    _dialog(),
    _mention("<@UBOT> status SHOP-1"),
    _mention("<@UBOT> stop SHOP-2"),
    Sent(
        source="slack",
        handler="slack_webhook",
        path="/slack/events",
        payload={"type": "url_verification", "challenge": "3eZbrw1aB"},
    ),
)
