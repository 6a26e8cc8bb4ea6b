"""The Jira double put together."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount, Route

from local.double import health
from local.jira.access import Refusal, refuse
from local.jira.admin import AdminApi
from local.jira.comments import CommentApi
from local.jira.issues import IssueApi
from local.jira.pages import Pages
from local.jira.people import PeopleApi, tenant_info
from local.jira.state import Site
from local.jira.webhooks import DEFAULT_RETRY_SECONDS, Deliveries

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path


def build(state: Path, *, url: str, retry_seconds: Sequence[float] = DEFAULT_RETRY_SECONDS) -> Starlette:
    """Return the application of the site kept in `state` and reached at `url`."""
    site = Site(state, url=url)
    deliveries = Deliveries(site, retry_seconds=retry_seconds)
    rest = [
        *IssueApi(site, deliveries).routes(),
        *CommentApi(site, deliveries).routes(),
        *PeopleApi(site).routes(),
    ]

    @contextlib.asynccontextmanager
    async def delivering(_app: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(deliveries.run())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    return Starlette(
        routes=[
            Route("/health", health),
            Mount("/rest/api/3", routes=rest),
            Mount("/_admin", routes=AdminApi(site, deliveries).routes()),
            tenant_info(site),
            *Pages(site).routes(),
        ],
        exception_handlers={Refusal: refuse, HTTPException: refuse},
        lifespan=delivering,
    )
