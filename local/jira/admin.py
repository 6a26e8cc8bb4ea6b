"""What a site administrator does in Jira's settings: users, projects, the webhook, deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.double import body
from local.jira.access import Refusal
from local.jira.state import Project, User, Webhook, account_id, cloud_id

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from local.jira.state import Site
    from local.jira.webhooks import Deliveries


class NewUser(BaseModel):
    """A user to add, or to change when the e-mail address is known."""

    email: str
    display_name: str
    token: str
    bot: bool = False
    can_edit: bool = True


class NewProject(BaseModel):
    """A project to add, or to rename when the key is known."""

    key: str
    name: str


class AdminApi:
    """The endpoints under `/_admin`, which only this double has."""

    def __init__(self, site: Site, deliveries: Deliveries) -> None:
        """Administer `site`."""
        self._site = site
        self._deliveries = deliveries

    def routes(self) -> list[BaseRoute]:
        """Return the routes, below `/_admin`."""
        return [
            Route("/webhook", self.webhook, methods=["PUT"]),
            Route("/users", self.users, methods=["POST"]),
            Route("/projects", self.projects, methods=["POST"]),
            Route("/deliveries", self.deliveries, methods=["GET"]),
            Route("/deliveries/{delivery}/redeliver", self.redeliver, methods=["POST"]),
            Route("/reset", self.reset, methods=["POST"]),
        ]

    async def webhook(self, request: Request) -> Response:
        """Say where events go and with which secret they are signed."""
        self._site.state.webhook = await body(request, Webhook)
        self._site.save()
        return Response(status_code=204)

    async def users(self, request: Request) -> Response:
        """Add a user; the account id follows from the e-mail address."""
        wanted = await body(request, NewUser)
        user = User(account_id=account_id(wanted.email), **wanted.model_dump())
        self._site.state.users[user.account_id] = user
        self._site.save()
        return JSONResponse(
            {"account_id": user.account_id, "cloud_id": cloud_id(self._site.url)}, status_code=201
        )

    async def projects(self, request: Request) -> Response:
        """Add a project."""
        wanted = await body(request, NewProject)
        project = self._site.state.projects.get(wanted.key)
        if project is None:
            project = Project(id=self._site.next_id(), key=wanted.key, name=wanted.name)
            self._site.state.projects[wanted.key] = project
        project.name = wanted.name
        self._site.save()
        return JSONResponse({"id": project.id, "key": project.key}, status_code=201)

    async def deliveries(self, _request: Request) -> Response:
        """List the kept deliveries, oldest first, with every attempt's answer."""
        return JSONResponse(
            [delivery.model_dump(mode="json", exclude={"body"}) for delivery in self._site.state.deliveries]
        )

    async def redeliver(self, request: Request) -> Response:
        """Send a delivery again, unchanged."""
        wanted = str(request.path_params["delivery"])
        if self._deliveries.redeliver(wanted) is None:
            raise Refusal(404, f"delivery '{wanted}' is not kept; see GET /_admin/deliveries")
        return Response(status_code=202)

    async def reset(self, _request: Request) -> Response:
        """Forget everything."""
        self._site.reset()
        return Response(status_code=204)
