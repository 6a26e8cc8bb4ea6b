"""GitHub Apps: who they are, where they are installed, and their hourly tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from local.forge.auth import issue_token, narrowed
from local.forge.errors import Refused, not_found, unprocessable
from local.forge.shapes import account as shapes
from local.forge.shapes.repository import full_repository
from local.forge.web import Body, Call, Endpoint, created, ok

if TYPE_CHECKING:
    from local.forge.records import App


class TokenBody(Body):
    """What an installation token may be narrowed to."""

    permissions: dict[str, str] | None = None
    repositories: list[str] | None = None
    repository_ids: list[int] | None = None


def get_app(call: Call) -> Response:
    """Describe the calling app."""
    return ok(shapes.app(call.forge, _app(call)))


def list_installations(call: Call) -> Response:
    """List the app's installations: one, on everything."""
    return call.listing([_app(call)], lambda app: _installation(call, app))


def get_installation(call: Call) -> Response:
    """Describe the installation."""
    return ok(_installation(call, _own_installation(call)))


def get_repository_installation(call: Call) -> Response:
    """Find the installation that covers a repository."""
    owner = call.forge.find_account(call.repository.owner)
    return ok(shapes.installation(call.forge, _app(call), owner=owner))


def get_owner_installation(call: Call) -> Response:
    """Find the installation on an organisation or a person."""
    owner = call.forge.find_account(call.text("login"))
    if owner is None:
        raise not_found()
    return ok(shapes.installation(call.forge, _app(call), owner=owner))


def create_token(call: Call) -> Response:
    """Issue an installation token for an hour."""
    app = _own_installation(call)
    asked = call.parse(TokenBody)
    permissions = narrowed(app, asked.permissions)
    repository_ids = _repository_ids(call, asked)
    bot = call.forge.account(app.bot_id)
    text, token = issue_token(
        call.forge.store, bot, app=app, permissions=permissions, repository_ids=repository_ids
    )
    body: shapes.Shape = {
        "token": text,
        "expires_at": token.expires_at,
        "permissions": permissions,
        "repository_selection": "all" if repository_ids is None else "selected",
    }
    if repository_ids is not None:
        chosen = [call.forge.repository_by_id(number) for number in repository_ids]
        body["repositories"] = [full_repository(call.forge, found, viewer=bot) for found in chosen]
    return created(body)


def list_installation_repositories(call: Call) -> Response:
    """List what the calling installation can reach."""
    caller = call.signed_in
    if caller.kind != "installation":
        raise Refused(403, "You must authenticate with an installation access token")
    reachable = call.forge.store.repositories.where(
        lambda found: caller.repository_ids is None or found.id in caller.repository_ids
    )
    return call.listing(reachable, lambda found: full_repository(call.forge, found), wrap="repositories")


def _app(call: Call) -> App:
    app = call.signed_in.app
    if app is None:
        raise Refused(401, "A JSON web token could not be decoded")
    return app


def _own_installation(call: Call) -> App:
    app = _app(call)
    if call.number("installation_id") != app.installation_id:
        raise not_found()
    return app


def _installation(call: Call, app: App) -> shapes.Shape:
    owner = call.forge.store.accounts.first(lambda account: account.kind == "Organization")
    return shapes.installation(call.forge, app, owner=owner)


def _repository_ids(call: Call, asked: TokenBody) -> tuple[int, ...] | None:
    if not asked.repositories and not asked.repository_ids:
        return None
    known = call.forge.store.repositories.all()
    chosen = {found.id for found in known if found.id in (asked.repository_ids or [])}
    chosen |= {found.id for found in known if found.name in (asked.repositories or [])}
    if len(chosen) < len(asked.repositories or []) + len(asked.repository_ids or []):
        raise unprocessable("There is at least one repository that does not exist or is not accessible.")
    return tuple(sorted(chosen))


ENDPOINTS = (
    Endpoint("GET", "/app", get_app, access="app"),
    Endpoint("GET", "/app/installations", list_installations, access="app"),
    Endpoint("GET", "/app/installations/{installation_id}", get_installation, access="app"),
    Endpoint("POST", "/app/installations/{installation_id}/access_tokens", create_token, access="app"),
    Endpoint("GET", "/installation/repositories", list_installation_repositories, access="signed-in"),
    Endpoint("GET", "/repos/{owner}/{repo}/installation", get_repository_installation, access="app"),
    Endpoint("GET", "/orgs/{login}/installation", get_owner_installation, access="app"),
    Endpoint("GET", "/users/{login}/installation", get_owner_installation, access="app"),
)
