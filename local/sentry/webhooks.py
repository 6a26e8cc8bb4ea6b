"""Signed webhooks of the integration: sent once, as Sentry does, and kept to look at."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
import uuid
from typing import TYPE_CHECKING, Final

import httpx

from local.sentry.state import Delivery, now

if TYPE_CHECKING:
    from local.double import JsonObject
    from local.sentry.state import Organization

PATIENCE_SECONDS: Final = 1.0
"""How long Sentry waits; a later answer counts as none there, so `seconds` of a delivery is worth a look."""
_TIMEOUT_SECONDS: Final = 20.0
_KEPT_DELIVERIES: Final = 200


def signature(body: bytes, *, secret: str) -> str:
    """Return the value of `Sentry-Hook-Signature` for a raw body."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Deliveries:
    """Sends the organisation's events to its integration, one after the other."""

    def __init__(self, organization: Organization) -> None:
        """Deliver the events of `organization`."""
        self._organization = organization
        self._queue: asyncio.Queue[Delivery] = asyncio.Queue()

    def publish(self, resource: str, action: str, data: JsonObject) -> Delivery | None:
        """Queue one webhook; None while no integration is set up."""
        if self._organization.state.integration is None:
            return None
        payload: JsonObject = {
            "action": action,
            "data": data,
            "installation": {"uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, self._organization.url))},
            "actor": {"type": "application", "id": "sentry", "name": "Sentry"},
        }
        delivery = Delivery(
            id=uuid.uuid4().hex, resource=resource, action=action, body=json.dumps(payload), at=now()
        )
        kept = self._organization.state.deliveries
        kept.append(delivery)
        del kept[:-_KEPT_DELIVERIES]
        self._organization.save()
        self._queue.put_nowait(delivery)
        return delivery

    async def run(self) -> None:
        """Send what is queued until cancelled."""
        async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False) as client:
            while True:
                await self._deliver(client, await self._queue.get())

    async def _deliver(self, client: httpx.AsyncClient, delivery: Delivery) -> None:
        integration = self._organization.state.integration
        if integration is None:
            return
        body = delivery.body.encode()
        headers = {
            "Content-Type": "application/json",
            "Request-ID": delivery.id,
            "Sentry-Hook-Resource": delivery.resource,
            "Sentry-Hook-Timestamp": str(int(delivery.at.timestamp())),
            "Sentry-Hook-Signature": signature(body, secret=integration.secret),
        }
        started = time.monotonic()
        try:
            answer = await client.post(integration.url, content=body, headers=headers)
            delivery.status_code, delivery.response = answer.status_code, answer.text[:2000]
        except httpx.HTTPError as error:
            delivery.response = f"{type(error).__name__}: {error}"
        delivery.seconds = round(time.monotonic() - started, 3)
        self._organization.save()
