"""The forge as one ASGI application: REST at two prefixes, GraphQL, git, raw files and pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount

from local.forge import git_http
from local.forge.errors import not_found
from local.forge.graphql import endpoint as graphql
from local.forge.pages import pull_request as pull_pages
from local.forge.pages import repository as repository_pages
from local.forge.rest import (
    accounts,
    actions,
    admin,
    apps,
    checks,
    commits,
    contents,
    git_data,
    hooks,
    issues,
    labels,
    pulls,
    reactions,
    repositories,
    reviews,
    search,
)
from local.forge.web import Call, Endpoint, ok, routes

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Lifespan

    from local.forge.forge import Forge

# Order matters where one path is a prefix of another: `commits/{ref}/status` before `commits/{ref}`.
REST: tuple[tuple[Endpoint, ...], ...] = (
    apps.ENDPOINTS,
    accounts.ENDPOINTS,
    git_data.ENDPOINTS,
    contents.ENDPOINTS,
    checks.ENDPOINTS,
    commits.ENDPOINTS,
    reviews.ENDPOINTS,
    pulls.ENDPOINTS,
    issues.ENDPOINTS,
    labels.ENDPOINTS,
    reactions.ENDPOINTS,
    hooks.ENDPOINTS,
    actions.ENDPOINTS,
    search.ENDPOINTS,
    repositories.ENDPOINTS,
)


def create_app(forge: Forge) -> Starlette:
    """Build the application."""
    rest = [Endpoint("GET", "/", _root), Endpoint("GET", "/rate_limit", _rate_limit), *_flat(REST)]
    outside = [
        *graphql.ENDPOINTS,
        *admin.ENDPOINTS,
        *git_http.ENDPOINTS,
        *contents.RAW_ENDPOINTS,
        *repositories.ARCHIVE_ENDPOINTS,
        *pulls.TEXT_ENDPOINTS,
        *actions.LOG_ENDPOINTS,
    ]
    pages = [*pull_pages.ENDPOINTS, *repository_pages.ENDPOINTS]
    return Starlette(
        routes=[
            *routes(forge, outside),
            Mount("/api/v3", routes=routes(forge, rest)),
            *routes(forge, rest),
            *routes(forge, pages),
        ],
        lifespan=_lifespan(forge),
        exception_handlers={404: _no_route, 405: _no_route},
    )


def _lifespan(forge: Forge) -> Lifespan[Starlette]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:  # noqa: ARG001 - Starlette's signature
        forge.start()
        try:
            yield
        finally:
            await to_thread.run_sync(forge.close)

    return lifespan


def _root(call: Call) -> Response:
    if "text/html" in call.request.headers.get("accept", ""):
        return repository_pages.show_index(call)
    root = call.forge.urls.root
    return ok(
        {
            "current_user_url": f"{root}/user",
            "repository_url": f"{root}/repos/{{owner}}/{{repo}}",
            "code_search_url": f"{root}/search/code?q={{query}}",
        }
    )


def _rate_limit(call: Call) -> Response:  # noqa: ARG001 - every endpoint takes the call
    plenty = {"limit": 15000, "remaining": 15000, "used": 0, "reset": 4102444800}
    return ok({"resources": {"core": plenty, "search": plenty, "graphql": plenty}, "rate": plenty})


def _flat(groups: tuple[tuple[Endpoint, ...], ...]) -> Iterator[Endpoint]:
    for group in groups:
        yield from group


async def _no_route(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    return JSONResponse(not_found().body(), status_code=404)
