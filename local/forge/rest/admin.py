"""What the forge's supervisor asks of it: apps, people, repositories, the app's webhook, reset."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import replace
from pathlib import Path

from pydantic import Field
from starlette.responses import Response

from local.forge.auth import issue_token, new_key_pair
from local.forge.clock import now
from local.forge.errors import unprocessable
from local.forge.git.repository import forget_answers
from local.forge.importing import import_repository
from local.forge.records import App, Permission
from local.forge.rest.hooks import make_hook
from local.forge.shapes.hook import delivery_summary
from local.forge.shapes.repository import full_repository
from local.forge.web import Body, Call, Endpoint, created, no_content, ok

DEFAULT_PERMISSIONS = {
    "metadata": "read",
    "actions": "write",
    "checks": "write",
    "contents": "write",
    "issues": "write",
    "pull_requests": "write",
    "statuses": "write",
}


class NewAppBody(Body):
    """An app to register and install everywhere."""

    slug: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str
    permissions: dict[str, str] | None = None


class NewUserBody(Body):
    """A person."""

    login: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]*$")
    permission: Permission = "write"
    name: str | None = None


class NewRepositoryBody(Body):
    """A repository to bring in; without a source it starts empty."""

    owner: str
    name: str
    source: str | None = None
    protected: bool = True
    replace: bool = False


class WebhookBody(Body):
    """Where events of every repository go."""

    url: str
    secret: str | None = None
    events: list[str] = Field(default_factory=lambda: ["*"])


def health(call: Call) -> Response:
    """Say that the forge is up, and what it holds."""
    store = call.forge.store
    unfinished = store.runs.where(lambda run: run.status != "completed")
    return ok(
        {
            "status": "ok",
            "repositories": len(store.repositories.all()),
            "workflow_runs_unfinished": len(unfinished),
            "deliveries_idle": call.forge.courier.is_idle(),
        }
    )


def create_app(call: Call) -> Response:
    """Register an app, or give an app that is known a further key."""
    asked, store = call.parse(NewAppBody), call.forge.store
    private_key, public_key = new_key_pair()
    app = store.apps.first(lambda found: found.slug == asked.slug)
    if app is None:
        bot = call.forge.ensure_account(f"{asked.slug}[bot]", kind="Bot", name=asked.name)
        app = App(
            id=store.next_id(),
            slug=asked.slug,
            name=asked.name,
            client_id=f"Iv23{secrets.token_hex(8)}",
            webhook_secret=secrets.token_hex(20),
            bot_id=bot.id,
            installation_id=store.next_id(),
            created_at=now(),
            permissions={},
        )
    permissions = DEFAULT_PERMISSIONS if asked.permissions is None else asked.permissions
    app = store.apps.put(
        replace(
            app,
            name=asked.name,
            permissions={"metadata": "read", **permissions},
            public_keys=(*app.public_keys, public_key),
        )
    )
    return created(
        {
            "app_id": app.id,
            "installation_id": app.installation_id,
            "client_id": app.client_id,
            "private_key": private_key,
            "webhook_secret": app.webhook_secret,
            "bot_login": call.forge.account(app.bot_id).login,
        }
    )


def create_user(call: Call) -> Response:
    """Make a person, or change what they may do, and give them a token."""
    asked = call.parse(NewUserBody)
    account = call.forge.ensure_account(asked.login, kind="User", name=asked.name)
    if account.kind != "User":
        raise unprocessable(f"{asked.login} is an {account.kind.lower()}, not a person")
    account = call.forge.store.accounts.put(replace(account, permission=asked.permission))
    text, _ = issue_token(call.forge.store, account)
    return created({"login": account.login, "id": account.id, "token": text})


def create_repository(call: Call) -> Response:
    """Bring a repository in."""
    asked = call.parse(NewRepositoryBody)
    repository = import_repository(
        call.forge,
        owner=asked.owner,
        name=asked.name,
        source=Path(asked.source) if asked.source is not None else None,
        protected=asked.protected,
        replace_existing=asked.replace,
    )
    return created(full_repository(call.forge, repository))


def put_webhook(call: Call) -> Response:
    """Set the one hook that hears of every repository, now and later."""
    asked, store = call.parse(WebhookBody), call.forge.store
    fresh = make_hook(call.forge, repository=None, url=asked.url, secret=asked.secret, events=asked.events)
    earlier = store.hooks.first(lambda hook: hook.repository_id is None and hook.id != fresh.id)
    if earlier is not None:
        store.hooks.delete(fresh.id)
        fresh = store.hooks.put(replace(fresh, id=earlier.id, created_at=earlier.created_at))
    return ok({"id": fresh.id, "url": fresh.url, "events": list(fresh.events)})


def list_deliveries(call: Call) -> Response:
    """List every delivery to every hook, newest first."""
    return call.listing(call.forge.store.deliveries.all()[::-1], delivery_summary)


def reset(call: Call) -> Response:
    """Forget everything: records, repositories and logs."""
    call.forge.store.clear()
    for folder in (call.forge.settings.repositories, call.forge.settings.logs):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    forget_answers()
    return no_content()


ENDPOINTS = (
    Endpoint("GET", "/health", health),
    Endpoint("POST", "/_admin/app", create_app),
    Endpoint("POST", "/_admin/users", create_user),
    Endpoint("POST", "/_admin/repositories", create_repository),
    Endpoint("PUT", "/_admin/webhook", put_webhook),
    Endpoint("GET", "/_admin/deliveries", list_deliveries),
    Endpoint("POST", "/_admin/reset", reset),
)
