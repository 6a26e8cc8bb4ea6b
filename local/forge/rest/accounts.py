"""People and organisations."""

from __future__ import annotations

from starlette.responses import Response

from local.forge.errors import not_found
from local.forge.records import Account
from local.forge.shapes import account as shapes
from local.forge.shapes.repository import full_repository
from local.forge.web import Call, Endpoint, ok


def get_self(call: Call) -> Response:
    """Describe the caller."""
    return ok(shapes.full_account(call.forge, call.signed_in.account))


def get_user(call: Call) -> Response:
    """Describe a person, a bot or an organisation."""
    return ok(shapes.full_account(call.forge, _account(call)))


def get_organization(call: Call) -> Response:
    """Describe an organisation."""
    account = _account(call)
    if account.kind != "Organization":
        raise not_found()
    return ok(shapes.organization(call.forge, account))


def list_organizations(call: Call) -> Response:
    """List the organisations that the caller belongs to: all of them."""
    found = call.forge.store.accounts.where(lambda account: account.kind == "Organization")
    return call.listing(found, lambda account: shapes.organization(call.forge, account))


def list_repositories_of(call: Call) -> Response:
    """List an owner's repositories."""
    owner = _account(call).login
    found = call.forge.store.repositories.where(lambda repository: repository.owner == owner)
    return call.listing(
        sorted(found, key=lambda repository: repository.name),
        lambda repository: full_repository(call.forge, repository),
    )


def list_own_repositories(call: Call) -> Response:
    """List every repository that the caller can see: all of them."""
    viewer = call.signed_in.account
    return call.listing(
        call.forge.store.repositories.all(),
        lambda repository: full_repository(call.forge, repository, viewer=viewer),
    )


def get_permission(call: Call) -> Response:
    """Say what a person may do with a repository."""
    _ = call.repository
    account = _account(call)
    level = account.permission
    return ok(
        {
            "permission": level,
            "role_name": level,
            "user": {
                **shapes.simple_account(call.forge, account),
                "role_name": level,
                "permissions": {
                    "pull": level != "none",
                    "triage": level in ("write", "admin"),
                    "push": level in ("write", "admin"),
                    "maintain": level == "admin",
                    "admin": level == "admin",
                },
            },
        }
    )


def check_collaborator(call: Call) -> Response:
    """Answer 204 for somebody who may at least read."""
    _ = call.repository
    if _account(call).permission == "none":
        raise not_found()
    return Response(status_code=204)


def list_collaborators(call: Call) -> Response:
    """List the people of the forge."""
    people = call.forge.store.accounts.where(lambda account: account.kind == "User")
    return call.listing(people, lambda account: shapes.simple_account(call.forge, account))


def _account(call: Call) -> Account:
    account = call.forge.find_account(call.text("login"))
    if account is None:
        raise not_found()
    return account


_REPOSITORY = "/repos/{owner}/{repo}"
ENDPOINTS = (
    Endpoint("GET", "/user", get_self, access="signed-in"),
    Endpoint("GET", "/user/repos", list_own_repositories, access="signed-in"),
    Endpoint("GET", "/user/orgs", list_organizations, access="signed-in"),
    Endpoint("GET", "/users/{login}", get_user),
    Endpoint("GET", "/users/{login}/repos", list_repositories_of),
    Endpoint("GET", "/orgs/{login}", get_organization),
    Endpoint("GET", "/orgs/{login}/repos", list_repositories_of),
    Endpoint("GET", f"{_REPOSITORY}/collaborators", list_collaborators),
    Endpoint("GET", f"{_REPOSITORY}/assignees", list_collaborators),
    Endpoint("GET", f"{_REPOSITORY}/collaborators/{{login}}", check_collaborator),
    Endpoint("GET", f"{_REPOSITORY}/collaborators/{{login}}/permission", get_permission),
)
