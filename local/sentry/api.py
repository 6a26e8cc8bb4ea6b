"""The part of Sentry's REST API that tools use: list, read, resolve and assign issues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.routing import Route

from local.double import body
from local.sentry.state import Status

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from local.double import JsonObject
    from local.sentry.state import Issue, Organization
    from local.sentry.webhooks import Deliveries


class Change(BaseModel):
    """What a PUT on an issue may change."""

    model_config = ConfigDict(populate_by_name=True)

    status: Status | None = None
    assigned_to: str | None = Field(default=None, alias="assignedTo")


def shape(issue: Issue, organization: Organization) -> JsonObject:
    """Return an issue as the API and the webhooks show it."""
    return {
        "id": issue.id,
        "shortId": issue.short_id,
        "title": issue.title,
        "culprit": issue.culprit,
        "permalink": f"{organization.url}/organizations/{organization.slug}/issues/{issue.id}/",
        "level": issue.level,
        "status": issue.status,
        "statusDetails": {},
        "platform": issue.platform,
        "project": {"id": "1", "name": issue.project, "slug": issue.project, "platform": issue.platform},
        "type": "error",
        "metadata": issue.metadata,
        "assignedTo": {"type": "user", "name": issue.assigned_to} if issue.assigned_to else None,
        "annotations": [],
        "count": str(issue.count),
        "userCount": 0,
        "firstSeen": issue.first_seen.isoformat(),
        "lastSeen": issue.last_seen.isoformat(),
    }


class IssueApi:
    """`/api/0`, for bearers of the integration's token."""

    def __init__(self, organization: Organization, deliveries: Deliveries) -> None:
        """Answer for `organization`; changes are told to its integration."""
        self._organization = organization
        self._deliveries = deliveries

    def routes(self) -> list[BaseRoute]:
        """Return the routes of the API."""
        one = "/organizations/{organization}/issues/{issue}/"
        return [
            Route("/organizations/", self.organizations, methods=["GET"]),
            Route("/organizations/{organization}/projects/", self.projects, methods=["GET"]),
            Route("/organizations/{organization}/issues/", self.issues, methods=["GET"]),
            Route(one, self.read, methods=["GET"]),
            Route(one, self.change, methods=["PUT"]),
            Route(f"{one}events/latest/", self.latest, methods=["GET"]),
        ]

    async def organizations(self, request: Request) -> Response:
        """List the one organisation."""
        self._check(request)
        slug = self._organization.slug
        return JSONResponse([{"id": "1", "slug": slug, "name": slug}])

    async def projects(self, request: Request) -> Response:
        """List the projects that reported something."""
        self._check(request)
        slugs = sorted({issue.project for issue in self._organization.state.issues.values()})
        return JSONResponse([{"id": str(n), "slug": slug, "name": slug} for n, slug in enumerate(slugs, 1)])

    async def issues(self, request: Request) -> Response:
        """List issues, the latest first; `query` knows `is:` and free words."""
        self._check(request)
        words = request.query_params.get("query", "is:unresolved").split()
        found = [issue for issue in self._organization.state.issues.values() if _fits(issue, words)]
        found.sort(key=lambda issue: issue.last_seen, reverse=True)
        return JSONResponse([shape(issue, self._organization) for issue in found])

    async def read(self, request: Request) -> Response:
        """Read one issue, by its id or short id."""
        return JSONResponse(shape(self._issue(request), self._organization))

    async def change(self, request: Request) -> Response:
        """Resolve, ignore, reopen or assign."""
        issue = self._issue(request)
        wanted = await body(request, Change)
        actions: list[str] = []
        if wanted.status and wanted.status != issue.status:
            issue.status = wanted.status
            actions.append("archived" if wanted.status == "ignored" else wanted.status)
        if wanted.assigned_to is not None and wanted.assigned_to != (issue.assigned_to or ""):
            issue.assigned_to = wanted.assigned_to or None
            actions.append("assigned" if wanted.assigned_to else "unassigned")
        self._organization.save()
        for action in actions:
            self._deliveries.publish("issue", action, {"issue": shape(issue, self._organization)})
        return JSONResponse(shape(issue, self._organization))

    async def latest(self, request: Request) -> Response:
        """Read the newest event of an issue."""
        return JSONResponse(self._issue(request).event)

    def _issue(self, request: Request) -> Issue:
        self._check(request)
        found = self._organization.issue(str(request.path_params["issue"]))
        if found is None:
            raise HTTPException(404, "The requested resource does not exist")
        return found

    def _check(self, request: Request) -> None:
        integration = self._organization.state.integration
        if integration and integration.token:
            kind, _, token = request.headers.get("authorization", "").partition(" ")
            if kind.lower() != "bearer" or token != integration.token:
                raise HTTPException(401, "Invalid token")
        wanted = request.path_params.get("organization", self._organization.slug)
        if wanted != self._organization.slug:
            raise HTTPException(404, "The requested resource does not exist")


def _fits(issue: Issue, words: list[str]) -> bool:
    for word in words:
        name, colon, value = word.partition(":")
        if colon and name == "is":
            if issue.status != ("ignored" if value == "archived" else value):
                return False
        elif word.lower() not in f"{issue.title} {issue.culprit} {issue.project}".lower():
            return False
    return True
