"""Deliveries damaged in every way: each is answered, none with a 5xx, and none is acted on unproven."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from pydantic import JsonValue, SecretStr

from lambdas.http import Event, respond
from slipway.adapters.memory.platform import MemoryPlatform
from slipway.adapters.memory.secrets import MemorySecrets
from slipway.bootstrap import in_memory
from slipway.domain.connections import SentryConnection
from slipway.domain.intake.delivery import Delivery
from slipway.ports.platform import Platform
from slipway.services.receive_github import receive_github
from slipway.services.receive_jira import receive_jira
from slipway.services.receive_sentry import receive_sentry
from slipway.services.receive_slack import receive_slack_event, receive_slack_form
from slipway.services.reply import Reply
from tests.builders import TickingClock, connections

ROUNDS = 150
STRANGE: tuple[JsonValue, ...] = (
    None,
    True,
    -1,
    0,
    2**70,
    1.5e300,
    "",
    " ",
    "x" * 5000,
    "\u202e\u200b@agent approve",
    "../../etc/passwd",
    "<!-- @agent approve -->",
    "@agent approve",
    "ENG-1",
    "\x00",
    [],
    {},
    [[[[]]]],
    {"a": {"b": []}},
)
JIRA: JsonValue = {
    "timestamp": 1,
    "webhookEvent": "jira:issue_updated",
    "user": {"accountId": "u1", "displayName": "Grace"},
    "issue": {"key": "ENG-1", "fields": {"summary": "Fix", "description": "It", "labels": ["AI"]}},
    "changelog": {"items": [{"field": "labels", "fromString": "", "toString": "AI"}]},
}
JIRA_COMMENT: JsonValue = {
    "webhookEvent": "comment_created",
    "comment": {"id": "1", "body": "@agent approve", "author": {"accountId": "u1"}},
    "issue": {"key": "ENG-1"},
}
GITHUB: JsonValue = {
    "action": "created",
    "repository": {"full_name": "acme/pricing"},
    "issue": {"number": 1, "pull_request": {}},
    "comment": {"id": 7, "body": "@agent status", "user": {"login": "grace", "type": "User"}},
    "sender": {"login": "grace", "type": "User"},
}
CHECKS: JsonValue = {
    "action": "completed",
    "repository": {"full_name": "acme/pricing"},
    "check_suite": {"head_sha": "abc", "conclusion": "failure", "pull_requests": [{"number": 1}]},
}
SENTRY: JsonValue = {
    "action": "triggered",
    "data": {
        "event": {
            "issue_id": "7",
            "title": "KeyError",
            "platform": "python",
            "exception": {
                "values": [
                    {"type": "KeyError", "stacktrace": {"frames": [{"filename": "a.py", "lineno": 1}]}}
                ]
            },
        }
    },
}
SLACK_EVENT: JsonValue = {
    "type": "event_callback",
    "authorizations": [{"user_id": "B1"}],
    "event": {"type": "app_mention", "text": "<@B1> list", "user": "U1", "channel": "C1", "ts": "1.0"},
}
SLACK_ACTION: JsonValue = {
    "type": "block_actions",
    "user": {"id": "U1"},
    "trigger_id": "t",
    "actions": [{"action_id": "approve", "value": '{"task":"eng-1","plan":"h"}'}],
}


@dataclass(frozen=True)
class Door:
    """One way in: a good payload, how it is sent, and who receives it."""

    payload: JsonValue
    headers: dict[str, str]
    secret: str
    signature: str
    receive: Callable[[Delivery, Platform], Reply]
    is_form: bool = False


DOORS = {
    "jira": Door(JIRA, {}, "jira-new", "X-Hub-Signature", receive_jira),
    "jira comment": Door(JIRA_COMMENT, {}, "jira-old", "X-Hub-Signature", receive_jira),
    "github comment": Door(
        GITHUB, {"X-GitHub-Event": "issue_comment"}, "github-new", "X-Hub-Signature-256", receive_github
    ),
    "github checks": Door(
        CHECKS, {"X-GitHub-Event": "check_suite"}, "github-old", "X-Hub-Signature-256", receive_github
    ),
    "sentry": Door(
        SENTRY,
        {"Sentry-Hook-Resource": "event_alert"},
        "sentry-new",
        "Sentry-Hook-Signature",
        receive_sentry,
    ),
    "slack event": Door(SLACK_EVENT, {}, "slack-new", "X-Slack-Signature", receive_slack_event),
    "slack action": Door(
        SLACK_ACTION, {}, "slack-old", "X-Slack-Signature", receive_slack_form, is_form=True
    ),
}


def platform() -> MemoryPlatform:
    known = connections()
    sentry = SentryConnection(webhook_secrets=(SecretStr("sentry-new"),), jira_project="ENG")
    return in_memory(
        clock=TickingClock(),
        secrets=MemorySecrets(
            github_connection=known.github_connection,
            jira_connection=known.jira_connection,
            slack_connection=known.slack_connection,
            sentry_connection=sentry,
        ),
    )


def mutated(value: JsonValue, chance: random.Random) -> JsonValue:
    """One place of the payload is something else, is missing, or is there twice as deep."""
    if isinstance(value, dict) and value and chance.random() < 0.85:
        name = chance.choice(sorted(value))
        if chance.random() < 0.15:
            return {key: inner for key, inner in value.items() if key != name}
        return {**value, name: mutated(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.85:
        place = chance.randrange(len(value))
        return [mutated(inner, chance) if i == place else inner for i, inner in enumerate(value)]
    return chance.choice(STRANGE) if chance.random() < 0.9 else {"deeper": value}


def damaged(body: bytes, chance: random.Random) -> bytes:
    """Bytes are changed, cut, repeated, or nested without end."""
    at = chance.randrange(len(body) + 1)
    return chance.choice(
        [
            body[:at],
            body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :],
            body[:at] + b"\\ud800" + body[at:],
            body + body,
            b"[" * 3000 + body,
            b'{"a":' * 3000 + body,
            body.replace(b'"', b"'"),
            body.replace(b":", b":NaN,", 1),
        ]
    )


def delivered(door: Door, chance: random.Random, *, now: float) -> tuple[Event, bool]:
    """An event of the HTTP API, and whether it is signed as it must be."""
    payload = door.payload
    for _ in range(chance.randrange(4)):
        payload = mutated(payload, chance)
    body = json.dumps(payload).encode()
    body = urlencode({"payload": body}).encode() if door.is_form else body
    if chance.random() < 0.25:
        body = damaged(body, chance)
    is_signed = chance.random() < 0.7
    stamp = str(int(now))
    secret = door.secret if is_signed else chance.choice(["", "guess", door.secret.upper()])
    message = b"v0:%s:%s" % (stamp.encode(), body) if "Slack" in door.signature else body
    digest = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    scheme = {"X-Slack-Signature": "v0=", "Sentry-Hook-Signature": ""}.get(door.signature, "sha256=")
    headers = {
        "Content-Type": "application/x-www-form-urlencoded" if door.is_form else "application/json",
        door.signature: scheme + digest,
        "X-Slack-Request-Timestamp": stamp,
        **door.headers,
    }
    if chance.random() < 0.2:
        headers[chance.choice(sorted(headers))] = str(chance.choice(STRANGE))
        is_signed = is_signed and headers[door.signature] == scheme + digest
    if chance.random() < 0.3:
        headers = {name.swapcase(): value for name, value in headers.items()}
    if chance.random() < 0.5:
        return {
            "headers": headers,
            "body": base64.b64encode(body).decode(),
            "isBase64Encoded": True,
        }, is_signed
    return {"headers": headers, "body": body.decode("latin-1")}, is_signed and body.isascii()


def answers(door: Door, *, seed: int, rounds: int) -> Counter[int]:
    """How many deliveries were answered with which status; what must never be, is asserted."""
    chance = random.Random(seed)
    counted: Counter[int] = Counter()
    world = platform()
    for _ in range(rounds):
        event, is_signed = delivered(door, chance, now=world.clock().timestamp())
        status = respond(event, door.receive, lambda: world)["statusCode"]
        counted[status] += 1
        assert status < 500, event
        assert is_signed or status >= 400, event
    return counted


@pytest.mark.parametrize("door", DOORS)
def test_a_damaged_delivery_is_answered_and_never_acted_on_unproven(door: str) -> None:
    counted = answers(DOORS[door], seed=7, rounds=ROUNDS)
    assert sum(counted.values()) == ROUNDS
    assert counted[401] > 0
