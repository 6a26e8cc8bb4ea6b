"""Requests to the app, signed as Slack signs them, with three seconds to answer."""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import httpx

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.slack.state import App

ACKNOWLEDGE_SECONDS: Final = 3.0


@dataclass(frozen=True)
class Acknowledgement:
    """What the app answered, or why there is no answer."""

    status_code: int | None
    text: str = ""
    error: str = ""

    @property
    def ok(self) -> bool:
        """Whether Slack would take this for an acknowledgement."""
        return self.status_code is not None and 200 <= self.status_code < 300

    @property
    def problem(self) -> str:
        """Say what went wrong, for the person who waits."""
        return self.error or f"the app answered {self.status_code}"


def signature(body: bytes, *, timestamp: str, secret: str) -> str:
    """Return the value of `X-Slack-Signature`."""
    signed = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


class Outgoing:
    """Sends requests to the installed app."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        """Send with `client`."""
        self._client = client

    async def form(self, app: App, url: str, fields: Mapping[str, str]) -> Acknowledgement:
        """Send a form: slash commands and interactivity."""
        return await self.send(
            app, url, urlencode(fields).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
        )

    async def send(self, app: App, url: str, body: bytes, headers: Mapping[str, str]) -> Acknowledgement:
        """Send a signed body."""
        timestamp = str(int(time.time()))
        signed = {
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(body, timestamp=timestamp, secret=app.signing_secret),
            **headers,
        }
        try:
            answer = await self._client.post(url, content=body, headers=signed, timeout=ACKNOWLEDGE_SECONDS)
        except httpx.TimeoutException:
            return Acknowledgement(None, error="operation_timeout: no answer within 3 seconds")
        except httpx.HTTPError as error:
            return Acknowledgement(None, error=f"operation_failed: {error}")
        return Acknowledgement(answer.status_code, text=answer.text)
