"""Telling the webhooks what happened."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING

from local.forge.clock import now
from local.forge.records import Delivery
from local.forge.shapes.account import Shape, simple_account
from local.forge.shapes.repository import full_repository

if TYPE_CHECKING:
    from local.forge.forge import Forge
    from local.forge.records import Account, Hook, Repository


def announce(
    forge: Forge,
    event: str,
    repository: Repository,
    payload: Mapping[str, object],
    *,
    sender: Account,
    action: str | None = None,
) -> None:
    """Queue one event for every hook that listens to it."""
    listening = forge.store.hooks.where(lambda hook: _wants(hook, event, repository))
    if not listening:
        return
    owner = forge.ensure_account(repository.owner, kind="Organization")
    body: Shape = {
        **({"action": action} if action is not None else {}),
        **payload,
        "repository": full_repository(forge, repository),
        "sender": simple_account(forge, sender),
    }
    if owner.kind == "Organization":
        body["organization"] = _organization(forge, owner)
    for hook in listening:
        deliver(forge, hook, event, _for_hook(forge, hook, body), repository=repository, action=action)


def deliver(
    forge: Forge, hook: Hook, event: str, body: Shape, *, repository: Repository | None, action: str | None
) -> Delivery:
    """Remember one delivery and send it."""
    delivery = forge.store.deliveries.put(
        Delivery(
            id=forge.store.next_id(),
            hook_id=hook.id,
            repository_id=repository.id if repository else None,
            guid=str(uuid.uuid4()),
            event=event,
            action=action,
            body=json.dumps(body),
            created_at=now(),
        )
    )
    forge.courier.send(delivery)
    return delivery


def _wants(hook: Hook, event: str, repository: Repository) -> bool:
    return (
        hook.is_active
        and hook.repository_id in (None, repository.id)
        and (event in hook.events or "*" in hook.events)
    )


def _for_hook(forge: Forge, hook: Hook, body: Shape) -> Shape:
    app = next(iter(forge.store.apps.all()), None)
    if hook.repository_id is not None or app is None:
        return body
    return {**body, "installation": {"id": app.installation_id, "node_id": f"IN_{app.installation_id}"}}


def _organization(forge: Forge, owner: Account) -> Shape:
    url = f"{forge.urls.root}/orgs/{owner.login}"
    return {
        "login": owner.login,
        "id": owner.id,
        "node_id": f"O_{owner.id}",
        "url": url,
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events",
        "hooks_url": f"{url}/hooks",
        "issues_url": f"{url}/issues",
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"{forge.urls.base}/avatars/{owner.id}",
        "description": None,
    }
