"""Signed webhook deliveries: queued in order, retried as Jira Cloud does, and kept to look at."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import uuid
from typing import TYPE_CHECKING, Final

import httpx

from local.jira.state import Attempt, Delivery, now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.double import JsonObject
    from local.jira.state import Issue, Site

DEFAULT_RETRY_SECONDS: Final = (1.0, 2.0, 4.0, 8.0, 16.0)
_KEPT_DELIVERIES: Final = 200
_TIMEOUT_SECONDS: Final = 20.0


def signature(body: bytes, *, secret: str) -> str:
    """Return the value of `X-Hub-Signature` for a raw body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Deliveries:
    """Sends the site's events to its webhook, one after the other."""

    def __init__(self, site: Site, *, retry_seconds: Sequence[float] = DEFAULT_RETRY_SECONDS) -> None:
        """Deliver the events of `site`, waiting `retry_seconds` between the attempts."""
        self._site = site
        self._retry_seconds = retry_seconds
        self._queue: asyncio.Queue[Delivery] = asyncio.Queue()

    def publish(self, event: str, issue: Issue, payload: JsonObject) -> None:
        """Queue one event for the webhook, when it listens to that event."""
        webhook = self._site.state.webhook
        if webhook is None or (webhook.events and event not in webhook.events):
            return
        moment = int(now().timestamp() * 1000)
        document = {"timestamp": moment, "webhookEvent": event, **payload}
        delivery = Delivery(id=str(uuid.uuid4()), event=event, issue_key=issue.key, body=json.dumps(document))
        kept = self._site.state.deliveries
        kept.append(delivery)
        del kept[:-_KEPT_DELIVERIES]
        self._site.save()
        self._queue.put_nowait(delivery)

    def redeliver(self, delivery_id: str) -> Delivery | None:
        """Send a kept delivery once more, with the same identifier and body."""
        for delivery in self._site.state.deliveries:
            if delivery.id == delivery_id:
                delivery.state = "pending"
                self._queue.put_nowait(delivery)
                return delivery
        return None

    async def run(self) -> None:
        """Send what is queued, and what an earlier process left pending, until cancelled."""
        for delivery in self._site.state.deliveries:
            if delivery.state == "pending":
                self._queue.put_nowait(delivery)
        async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False) as client:
            while True:
                await self._deliver(client, await self._queue.get())

    async def _deliver(self, client: httpx.AsyncClient, delivery: Delivery) -> None:
        for retry, wait in enumerate((*self._retry_seconds, 0.0)):
            attempt = await self._attempt(client, delivery, retry=retry)
            delivery.attempts.append(attempt)
            if attempt.status_code is not None and attempt.status_code < 500:
                delivery.state = "delivered" if attempt.status_code < 300 else "refused"
                break
            delivery.state = "failed" if retry == len(self._retry_seconds) else "pending"
            self._site.save()
            await asyncio.sleep(wait)
        self._site.save()

    async def _attempt(self, client: httpx.AsyncClient, delivery: Delivery, *, retry: int) -> Attempt:
        webhook = self._site.state.webhook
        if webhook is None:
            return Attempt(at=now(), status_code=410, response="the webhook was removed")
        body = delivery.body.encode()
        headers = {
            "Content-Type": "application/json; charset=UTF-8",
            "User-Agent": "Atlassian Webhook HTTP Client",
            "X-Atlassian-Webhook-Identifier": delivery.id,
            "X-Hub-Signature": signature(body, secret=webhook.secret),
        }
        if retry:
            headers["X-Atlassian-Webhook-Retry"] = str(retry)
        try:
            answer = await client.post(webhook.url, content=body, headers=headers)
        except httpx.HTTPError as error:
            return Attempt(at=now(), response=f"{type(error).__name__}: {error}")
        return Attempt(at=now(), status_code=answer.status_code, response=answer.text[:2000])
