"""Proof that a delivery comes from who it says: HMAC-SHA256 over the raw body, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from slipway.domain.intake.delivery import Delivery
from slipway.domain.problem import refuse

SLACK_WINDOW_SECONDS = 300


def check_body_signature(delivery: Delivery, secrets: Iterable[str], *, header: str) -> None:
    """GitHub's `X-Hub-Signature-256` and Jira's `X-Hub-Signature`: `sha256=<hex>` of the body."""
    given = delivery.header(header)
    if not given:
        raise refuse(401, "Signature missing", f"the header {header} is missing")
    algorithm, _, digest = given.partition("=")
    if algorithm != "sha256" or not _matches(digest, delivery.body, secrets):
        raise refuse(401, "Signature wrong", f"the signature in {header} does not fit the body")


def check_sentry_signature(delivery: Delivery, secrets: Iterable[str], *, header: str, unsigned: str) -> None:
    """Sentry's bare `<hex>` of the body; `unsigned` is the advice to who sends without."""
    given = delivery.header(header)
    if not given:
        raise refuse(401, "Signature missing", f"the header {header} is missing. {unsigned}")
    if not _matches(given, delivery.body, secrets):
        raise refuse(401, "Signature wrong", f"the signature in {header} does not fit the body")


def check_slack_signature(delivery: Delivery, secrets: Iterable[str], *, now: float) -> None:
    """Slack's `v0=<hex>` of `v0:<timestamp>:<body>`, not older or newer than five minutes."""
    given = delivery.header("x-slack-signature")
    timestamp = delivery.header("x-slack-request-timestamp")
    if not given or not timestamp:
        raise refuse(401, "Signature missing", "X-Slack-Signature or X-Slack-Request-Timestamp is missing")
    if not timestamp.isascii() or not timestamp.isdecimal():
        raise refuse(401, "Signature wrong", "X-Slack-Request-Timestamp is not a number of seconds")
    if abs(now - int(timestamp)) > SLACK_WINDOW_SECONDS:
        raise refuse(401, "Signature too old", f"the request was signed over {SLACK_WINDOW_SECONDS} s ago")
    version, _, digest = given.partition("=")
    if version != "v0" or not _matches(digest, b"v0:%s:%s" % (timestamp.encode(), delivery.body), secrets):
        raise refuse(401, "Signature wrong", "the signature in X-Slack-Signature does not fit the body")


def _matches(digest: str, message: bytes, secrets: Iterable[str]) -> bool:
    expected = [
        hmac.new(secret.encode(), message, hashlib.sha256).hexdigest() for secret in secrets if secret
    ]
    # Every secret is compared, so the time taken does not say which one was close.
    fits = [hmac.compare_digest(one.encode(), digest.encode()) for one in expected]
    return any(fits)
