"""The Sentry double put together."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from local.double import body, health
from local.sentry.api import IssueApi, shape
from local.sentry.errors import Report, Unreadable, absorb
from local.sentry.pages import Pages
from local.sentry.state import Integration, Organization
from local.sentry.webhooks import Deliveries

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from starlette.requests import Request


class AdminApi:
    """Sets the integration up, and reports errors as an application's SDK would."""

    def __init__(self, organization: Organization, deliveries: Deliveries) -> None:
        """Administer `organization`."""
        self._organization = organization
        self._deliveries = deliveries

    async def integration(self, request: Request) -> Response:
        """Set the integration."""
        self._organization.state.integration = await body(request, Integration)
        self._organization.save()
        return Response(status_code=204)

    async def alert(self, request: Request) -> Response:
        """An error happens: its issue is counted, and the rule "send a notification" fires."""
        report = await body(request, Report)
        before = set(self._organization.state.issues)
        try:
            issue = absorb(self._organization, report)
        except Unreadable as error:
            raise HTTPException(400, f"traceback: {error}") from error
        shown = shape(issue, self._organization)
        if issue.id not in before:
            self._deliveries.publish("issue", "created", {"issue": shown})
        self._deliveries.publish(
            "event_alert", "triggered", {"event": issue.event, "triggered_rule": "Send a notification"}
        )
        return JSONResponse(shown, status_code=201)

    async def deliveries(self, _request: Request) -> Response:
        """List the kept deliveries, oldest first, with what was answered."""
        kept = self._organization.state.deliveries
        return JSONResponse([delivery.model_dump(mode="json", exclude={"body"}) for delivery in kept])


def build(state: Path, *, url: str) -> Starlette:
    """Return the application of the organisation kept in `state` and reached at `url`."""
    organization = Organization(state, url=url)
    deliveries = Deliveries(organization)
    admin = AdminApi(organization, deliveries)

    @contextlib.asynccontextmanager
    async def delivering(_app: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(deliveries.run())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def refuse(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return JSONResponse({"detail": error.detail}, status_code=error.status_code)

    return Starlette(
        routes=[
            Route("/health", health),
            Mount("/api/0", routes=IssueApi(organization, deliveries).routes()),
            Route("/_admin/integration", admin.integration, methods=["PUT"]),
            Route("/_admin/alerts", admin.alert, methods=["POST"]),
            Route("/_admin/deliveries", admin.deliveries, methods=["GET"]),
            *Pages(organization).routes(),
        ],
        exception_handlers={HTTPException: refuse},
        lifespan=delivering,
    )
