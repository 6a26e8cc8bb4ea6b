"""What the platform would do with a recorded delivery: the same pure decisions that its webhooks take."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlencode

from pydantic import BaseModel, JsonValue

from slipway.domain.intake import github, jira, sentry, slack
from slipway.domain.intake.decisions import Decision, Reject, route
from slipway.domain.intake.delivery import JSON_TYPE, Delivery, read_object
from slipway.domain.problem import Refused

_EVENTS_API = {"url_verification", "event_callback"}


class Row(BaseModel):
    """One delivery; its source is the first folder of `file`, `event` what the source's header says."""

    file: str
    event: str | None = None


def decision_for(row: Row, *, folder: Path, label: str) -> str:
    """One word; what the platform has no way in for, and what it refuses, is `reject`."""
    body = (folder / row.file).read_bytes()
    try:
        return route(_decide(row, body, label=label))
    except Refused:
        return "reject"


def _decide(row: Row, body: bytes, *, label: str) -> Decision:
    match row.file.partition("/")[0]:
        case "github":
            headers = {"content-type": JSON_TYPE, "x-github-event": row.event or ""}
            return github.decide(Delivery(headers=headers, body=body), read_object(body), bot_login="")
        case "jira":
            delivery = Delivery(headers={"content-type": JSON_TYPE}, body=body)
            return jira.decide(delivery, read_object(body), label=label, bot_account_id="")
        case "slack":
            return _slack(body)
        case "sentry":
            headers = {"content-type": JSON_TYPE, "sentry-hook-resource": row.event or ""}
            return sentry.decide(Delivery(headers=headers, body=body), read_object(body))
        case other:
            return Reject(reason=f"there is no webhook for {other}")


def _slack(body: bytes) -> Decision:
    """Recorded payloads are put back into the form in which Slack sends them."""
    try:
        payload: JsonValue = json.loads(body)
    except ValueError:
        return slack.decide_form(Delivery(headers={}, body=body))
    if not isinstance(payload, dict):
        return Reject(reason="not an object")
    if payload.get("type") in _EVENTS_API:
        return slack.decide_event(payload)
    form = payload if "command" in payload else {"payload": json.dumps(payload)}
    return slack.decide_form(Delivery(headers={}, body=urlencode(form).encode()))
