"""Webhooks of a repository, and what was delivered to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import Field
from starlette.responses import Response

from local.forge.clock import now
from local.forge.errors import not_found, unprocessable
from local.forge.events import deliver
from local.forge.records import Delivery, Hook
from local.forge.shapes import hook as shapes
from local.forge.shapes.account import Shape
from local.forge.shapes.repository import full_repository
from local.forge.web import Body, Call, Endpoint, created, no_content, ok

if TYPE_CHECKING:
    from local.forge.forge import Forge
    from local.forge.records import Repository

_LOOPBACK = ("localhost", "::1")


class ConfigBody(Body):
    """Where a hook delivers."""

    url: str | None = None
    secret: str | None = None


class NewHookBody(Body):
    """A hook to make."""

    config: ConfigBody
    events: list[str] = Field(default_factory=lambda: ["push"])
    active: bool = True


class HookBody(Body):
    """What may change in a hook."""

    config: ConfigBody | None = None
    events: list[str] | None = None
    add_events: list[str] = Field(default_factory=list)
    remove_events: list[str] = Field(default_factory=list)
    active: bool | None = None


def make_hook(
    forge: Forge,
    *,
    repository: Repository | None,
    url: str,
    secret: str | None,
    events: Sequence[str],
    is_active: bool = True,
) -> Hook:
    """Remember a hook; only this machine may be told things."""
    host = urlsplit(url).hostname or ""
    if host not in _LOOPBACK and not host.startswith("127."):
        raise unprocessable(f"the local forge delivers to loopback addresses only, not to {host or url!r}")
    moment = now()
    return forge.store.hooks.put(
        Hook(
            id=forge.store.next_id(),
            repository_id=repository.id if repository else None,
            url=url,
            secret=secret,
            events=tuple(events),
            is_active=is_active,
            created_at=moment,
            updated_at=moment,
        )
    )


def list_hooks(call: Call) -> Response:
    """List a repository's own hooks."""
    here = call.repository.id
    found = call.forge.store.hooks.where(lambda hook: hook.repository_id == here)
    return call.listing(found, lambda hook: shapes.hook(call.forge, call.repository, hook))


def create_hook(call: Call) -> Response:
    """Make a hook and ping it."""
    asked = call.parse(NewHookBody)
    if asked.config.url is None:
        raise unprocessable("config.url is missing")
    hook = make_hook(
        call.forge,
        repository=call.repository,
        url=asked.config.url,
        secret=asked.config.secret,
        events=asked.events,
        is_active=asked.active,
    )
    _ping(call, hook)
    return created(shapes.hook(call.forge, call.repository, hook))


def get_hook(call: Call) -> Response:
    """Describe a hook."""
    return ok(shapes.hook(call.forge, call.repository, _hook(call)))


def update_hook(call: Call) -> Response:
    """Change a hook."""
    asked, hook = call.parse(HookBody), _hook(call)
    events = [event for event in (asked.events or hook.events) if event not in asked.remove_events]
    fresh = make_hook(
        call.forge,
        repository=call.repository,
        url=(asked.config and asked.config.url) or hook.url,
        secret=(asked.config and asked.config.secret) or hook.secret,
        events=list(dict.fromkeys([*events, *asked.add_events])),
        is_active=hook.is_active if asked.active is None else asked.active,
    )
    call.forge.store.hooks.delete(fresh.id)
    changed = call.forge.store.hooks.put(replace(fresh, id=hook.id, created_at=hook.created_at))
    return ok(shapes.hook(call.forge, call.repository, changed))


def delete_hook(call: Call) -> Response:
    """Forget a hook."""
    call.forge.store.hooks.delete(_hook(call).id)
    return no_content()


def ping(call: Call) -> Response:
    """Send a ping."""
    _ping(call, _hook(call))
    return no_content()


def list_deliveries(call: Call) -> Response:
    """List what was delivered, newest first."""
    hook = _hook(call)
    here = call.repository.id
    found = call.forge.store.deliveries.where(
        lambda delivery: delivery.hook_id == hook.id and delivery.repository_id in (None, here)
    )
    return call.listing(found[::-1], shapes.delivery_summary)


def get_delivery(call: Call) -> Response:
    """Describe a delivery with its body and the answer."""
    return ok(shapes.delivery(_delivery(call), to=_hook(call)))


def redeliver(call: Call) -> Response:
    """Send the same body again, with the same delivery id."""
    earlier, hook = _delivery(call), _hook(call)
    again = call.forge.store.deliveries.put(
        Delivery(
            id=call.forge.store.next_id(),
            hook_id=hook.id,
            repository_id=earlier.repository_id,
            guid=earlier.guid,
            event=earlier.event,
            action=earlier.action,
            body=earlier.body,
            created_at=now(),
            is_redelivery=True,
        )
    )
    call.forge.courier.send(again)
    return ok({}, status=202)


def _ping(call: Call, hook: Hook) -> None:
    body: Shape = {
        "zen": "Keep it logically awesome.",
        "hook_id": hook.id,
        "hook": shapes.hook(call.forge, call.repository, hook),
        "repository": full_repository(call.forge, call.repository),
    }
    deliver(call.forge, hook, "ping", body, repository=call.repository, action=None)


def _hook(call: Call) -> Hook:
    hook = call.forge.store.hooks.get(call.number("hook_id"))
    if hook is None or hook.repository_id not in (None, call.repository.id):
        raise not_found()
    return hook


def _delivery(call: Call) -> Delivery:
    delivery = call.forge.store.deliveries.get(call.number("delivery_id"))
    if delivery is None or delivery.hook_id != call.number("hook_id"):
        raise not_found()
    return delivery


_HOOKS = "/repos/{owner}/{repo}/hooks"
_ONE = f"{_HOOKS}/{{hook_id}}"
_DELIVERIES = f"{_ONE}/deliveries"
_WRITE = "repository_hooks"
ENDPOINTS = (
    Endpoint("GET", _HOOKS, list_hooks, access="signed-in"),
    Endpoint("POST", _HOOKS, create_hook, access="write", permission=_WRITE),
    Endpoint("GET", _ONE, get_hook, access="signed-in"),
    Endpoint("PATCH", _ONE, update_hook, access="write", permission=_WRITE),
    Endpoint("DELETE", _ONE, delete_hook, access="write", permission=_WRITE),
    Endpoint("POST", f"{_ONE}/pings", ping, access="write", permission=_WRITE),
    Endpoint("GET", _DELIVERIES, list_deliveries, access="signed-in"),
    Endpoint("GET", f"{_DELIVERIES}/{{delivery_id}}", get_delivery, access="signed-in"),
    Endpoint("POST", f"{_DELIVERIES}/{{delivery_id}}/attempts", redeliver, access="write", permission=_WRITE),
)
