"""REST v3 for what surrounds issues: server, users, projects, statuses, priorities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from local.jira import views
from local.jira.access import Refusal, caller
from local.jira.fields import ISSUE_TYPES, PRIORITIES, STATUSES
from local.jira.state import cloud_id

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from local.jira.state import Site


def tenant_info(site: Site) -> Route:
    """Return the route where anybody learns the site's cloud id."""

    async def endpoint(_request: Request) -> JSONResponse:
        return JSONResponse({"cloudId": cloud_id(site.url)})

    return Route("/_edge/tenant_info", endpoint)


class PeopleApi:
    """The endpoints that only read."""

    def __init__(self, site: Site) -> None:
        """Serve `site`."""
        self._site = site

    def routes(self) -> list[BaseRoute]:
        """Return the routes, below `/rest/api/3`."""
        return [
            Route("/serverInfo", self.server_info),
            Route("/myself", self.myself),
            Route("/user", self.user),
            Route("/user/search", self.search),
            Route("/user/permission/search", self.permitted),
            Route("/project", self.projects),
            Route("/project/search", self.project_page),
            Route("/project/{project}", self.project),
            Route("/status", self.statuses),
            Route("/priority", self.priorities),
            Route("/issuetype", self.issue_types),
        ]

    async def server_info(self, _request: Request) -> JSONResponse:
        """Describe the site; Jira answers this without credentials too."""
        return JSONResponse(
            {
                "baseUrl": self._site.url,
                "version": "1001.0.0-SNAPSHOT",
                "versionNumbers": [1001, 0, 0],
                "deploymentType": "Cloud",
                "serverTitle": "Jira",
            }
        )

    async def myself(self, request: Request) -> JSONResponse:
        """Return the caller."""
        return JSONResponse(views.whole_user(self._site, caller(self._site, request)))

    async def user(self, request: Request) -> JSONResponse:
        """Return one user by account id."""
        caller(self._site, request)
        found = views.user(self._site, request.query_params.get("accountId"))
        if found is None:
            raise Refusal(404, "Specified user does not exist or you do not have required permissions")
        return JSONResponse(found)

    async def search(self, request: Request) -> JSONResponse:
        """Find users whose name or address contains the query."""
        caller(self._site, request)
        query = request.query_params.get("query", "").lower()
        return JSONResponse(
            [
                views.whole_user(self._site, user)
                for user in self._site.state.users.values()
                if query in user.email.lower() or query in user.display_name.lower()
            ]
        )

    async def permitted(self, request: Request) -> JSONResponse:
        """Find users who have all the permissions on an issue; only editing is told apart here."""
        caller(self._site, request)
        asked = request.query_params
        if not asked.get("permissions"):
            raise Refusal(400, "The permissions are required.")
        if self._site.issue(asked.get("issueKey", "")) is None:
            raise Refusal(404, "Issue does not exist or you do not have permission to see it.")
        edits = "EDIT_ISSUES" in asked["permissions"].split(",")
        return JSONResponse(
            [
                views.whole_user(self._site, user)
                for user in self._site.state.users.values()
                if asked.get("accountId") in (None, user.account_id) and (user.can_edit or not edits)
            ]
        )

    async def projects(self, request: Request) -> JSONResponse:
        """List the projects."""
        caller(self._site, request)
        found = self._site.state.projects.values()
        return JSONResponse([views.project(self._site, project) for project in found])

    async def project_page(self, request: Request) -> JSONResponse:
        """List the projects as one page."""
        caller(self._site, request)
        found = [views.project(self._site, p) for p in self._site.state.projects.values()]
        return JSONResponse(
            {
                "startAt": 0,
                "maxResults": 50,
                "total": len(found),
                "isLast": True,
                "values": found,
            }
        )

    async def project(self, request: Request) -> JSONResponse:
        """Return one project with its issue types."""
        caller(self._site, request)
        wanted = str(request.path_params["project"])
        for project in self._site.state.projects.values():
            if wanted.upper() == project.key or wanted == project.id:
                types = [{"id": t.id, "name": t.name} for t in ISSUE_TYPES.values()]
                return JSONResponse({**views.project(self._site, project), "issueTypes": types})
        raise Refusal(404, f"No project could be found with key '{wanted}'.")

    async def statuses(self, request: Request) -> JSONResponse:
        """List the statuses."""
        caller(self._site, request)
        return JSONResponse([views.status(self._site, name) for name in STATUSES])

    async def priorities(self, request: Request) -> JSONResponse:
        """List the priorities."""
        caller(self._site, request)
        return JSONResponse([{"id": p.id, "name": p.name} for p in PRIORITIES.values()])

    async def issue_types(self, request: Request) -> JSONResponse:
        """List the issue types."""
        caller(self._site, request)
        found = [{"id": t.id, "name": t.name, "subtask": False} for t in ISSUE_TYPES.values()]
        return JSONResponse(found)
