"""How each source signs what it sends, and an own reading of whether an event is signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping

SECRETS = {
    source: (f"{source}-secret-after-rotation", f"{source}-secret-before-rotation")
    for source in ("jira", "github", "sentry", "slack")
}
"""Both are valid while a secret is rotated."""


def _github(body: bytes, secret: str, _now: int) -> dict[str, str]:
    return {"x-hub-signature-256": f"sha256={digest(body, secret)}"}


def _jira(body: bytes, secret: str, _now: int) -> dict[str, str]:
    return {"x-hub-signature": f"sha256={digest(body, secret)}"}


def _sentry(body: bytes, secret: str, _now: int) -> dict[str, str]:
    return {"sentry-hook-signature": digest(body, secret)}


def _slack(body: bytes, secret: str, now: int) -> dict[str, str]:
    return {
        "x-slack-signature": f"v0={digest(b'v0:%d:%s' % (now, body), secret)}",
        "x-slack-request-timestamp": str(now),
    }


SIGN: dict[str, Callable[[bytes, str, int], dict[str, str]]] = {
    "github": _github,
    "jira": _jira,
    "sentry": _sentry,
    "slack": _slack,
}


def digest(message: bytes, secret: str) -> str:
    """HMAC-SHA256, in hex."""
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def body_of(event: Mapping[str, object]) -> bytes:
    """The bytes that API Gateway received; ValueError when the event holds none."""
    body = event.get("body")
    if not isinstance(body, str):
        return b""
    return base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()


def is_proven(event: Mapping[str, object], *, source: str, now: int, window: int = 300) -> bool:
    """Whether the event as it is carries its source's signature: the judge of what may have an effect."""
    given = event.get("headers")
    headers = {str(k).lower(): str(v) for k, v in given.items()} if isinstance(given, Mapping) else {}
    try:
        body = body_of(event)
        sent_at = int(headers.get("x-slack-request-timestamp", now))
    except ValueError:
        return False
    if source == "slack" and abs(now - sent_at) > window:
        return False
    return any(SIGN[source](body, secret, sent_at).items() <= headers.items() for secret in SECRETS[source])
