"""Webhooks and their deliveries."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from local.forge.courier import request_headers
from local.forge.shapes.account import Shape

if TYPE_CHECKING:
    from local.forge.forge import Forge
    from local.forge.records import Delivery, Hook, Repository


def hook(forge: Forge, repository: Repository, record: Hook) -> Shape:
    """A webhook; its secret is never shown."""
    url = forge.urls.api(repository, f"/hooks/{record.id}")
    config: Shape = {"url": record.url, "content_type": "json", "insecure_ssl": "0"}
    if record.secret:
        config["secret"] = "********"
    sent = forge.store.deliveries.where(
        lambda found: found.hook_id == record.id and found.delivered_at is not None
    )
    last = sent[-1] if sent else None
    return {
        "type": "Repository" if record.repository_id is not None else "App",
        "id": record.id,
        "name": "web",
        "active": record.is_active,
        "events": list(record.events),
        "config": config,
        "updated_at": record.updated_at,
        "created_at": record.created_at,
        "url": url,
        "test_url": f"{url}/tests",
        "ping_url": f"{url}/pings",
        "deliveries_url": f"{url}/deliveries",
        "last_response": {
            "code": last.status_code if last else None,
            "status": last.status if last else "unused",
            "message": None,
        },
    }


def delivery_summary(record: Delivery) -> Shape:
    """A delivery in a list."""
    return {
        "id": record.id,
        "guid": record.guid,
        "delivered_at": record.delivered_at or record.created_at,
        "redelivery": record.is_redelivery,
        "duration": record.duration_seconds,
        "status": record.status,
        "status_code": record.status_code,
        "event": record.event,
        "action": record.action,
        "installation_id": None,
        "repository_id": record.repository_id,
        "throttled_at": None,
    }


def delivery(record: Delivery, *, to: Hook) -> Shape:
    """A delivery with what was sent and answered."""
    return {
        **delivery_summary(record),
        "url": to.url,
        "request": {"headers": request_headers(to, record), "payload": json.loads(record.body)},
        "response": {"headers": {}, "payload": record.response_body},
    }
