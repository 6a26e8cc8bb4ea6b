"""What a workspace administrator and a test do: install the app, add people, act for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.double import body
from local.slack.state import App, Channel, User
from local.slack.web_api import SlackError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from local.slack.events import Events
    from local.slack.outgoing import Acknowledgement
    from local.slack.people import People
    from local.slack.state import Workspace


class NewChannel(BaseModel):
    """A channel to add."""

    name: str


class Press(BaseModel):
    """A button to press; without a value the first button with the action id."""

    user: str
    channel: str
    ts: str
    action_id: str
    value: str | None = None


class GivenCommand(BaseModel):
    """A slash command to give."""

    user: str
    channel: str
    command: str
    text: str = ""


class Written(BaseModel):
    """A message to write."""

    user: str
    channel: str
    text: str
    thread_ts: str | None = None


class Submitted(BaseModel):
    """A dialog to fill in: the last one that the user has open."""

    user: str
    values: dict[str, dict[str, str]]


class AdminApi:
    """The endpoints under `/_admin`, which only this double has."""

    def __init__(self, workspace: Workspace, people: People, events: Events) -> None:
        """Administer `workspace`."""
        self._workspace = workspace
        self._people = people
        self._events = events

    def routes(self) -> list[BaseRoute]:
        """Return the routes, below `/_admin`."""
        return [
            Route("/app", self.app, methods=["PUT"]),
            Route("/users", self.users, methods=["POST"]),
            Route("/channels", self.channels, methods=["POST"]),
            Route("/messages", self.messages, methods=["POST"]),
            Route("/actions", self.actions, methods=["POST"]),
            Route("/commands", self.commands, methods=["POST"]),
            Route("/views", self.views, methods=["GET"]),
            Route("/views", self.submit, methods=["POST"]),
            Route("/reset", self.reset, methods=["POST"]),
        ]

    async def app(self, request: Request) -> Response:
        """Install the app and ask its events address for the proof."""
        self._workspace.state.app = await body(request, App)
        self._workspace.save()
        return JSONResponse({"events_url_verified": await self._events.verify()})

    async def users(self, request: Request) -> Response:
        """Add a person."""
        user = await body(request, User)
        self._workspace.state.users[user.id] = user
        self._workspace.save()
        return JSONResponse({"id": user.id}, status_code=201)

    async def channels(self, request: Request) -> Response:
        """Add a channel; one that exists stays as it is."""
        name = (await body(request, NewChannel)).name.removeprefix("#")
        channel = self._workspace.channel(name)
        if channel is None:
            channel = Channel(id=self._workspace.next_id("C"), name=name)
            self._workspace.state.channels[channel.id] = channel
            self._workspace.save()
        return JSONResponse({"id": channel.id, "name": channel.name}, status_code=201)

    async def messages(self, request: Request) -> Response:
        """Write a message as a person."""
        wanted = await body(request, Written)
        message = self._people.write(
            self.user(wanted.user), self.channel(wanted.channel), wanted.text, thread_ts=wanted.thread_ts
        )
        return JSONResponse({"ts": message.ts}, status_code=201)

    async def actions(self, request: Request) -> Response:
        """Press a button as a person."""
        wanted = await body(request, Press)
        user, channel = self.user(wanted.user), self.channel(wanted.channel)
        try:
            answer = await self._people.press(user, channel, wanted.ts, wanted.action_id, wanted.value)
        except SlackError as error:
            raise HTTPException(409, f"{error.code} {' '.join(error.messages)}".strip()) from error
        return _acknowledged(answer)

    async def commands(self, request: Request) -> Response:
        """Give a slash command as a person."""
        wanted = await body(request, GivenCommand)
        user, channel = self.user(wanted.user), self.channel(wanted.channel)
        try:
            answer = await self._people.command(user, channel, wanted.command, wanted.text)
        except SlackError as error:
            raise HTTPException(409, f"{error.code} {' '.join(error.messages)}".strip()) from error
        return _acknowledged(answer)

    async def views(self, _request: Request) -> Response:
        """List the dialogs that people have open."""
        return JSONResponse([view.model_dump(mode="json") for view in self._workspace.state.views.values()])

    async def submit(self, request: Request) -> Response:
        """Fill in and send a dialog as a person."""
        wanted = await body(request, Submitted)
        opened = [view for view in self._workspace.state.views.values() if view.user == wanted.user]
        if not opened:
            raise HTTPException(404, f"user {wanted.user!r} has no dialog open")
        return _acknowledged(await self._people.submit(opened[-1], wanted.values))

    async def reset(self, _request: Request) -> Response:
        """Forget everything."""
        self._workspace.reset()
        return Response(status_code=204)

    def user(self, id_or_name: str) -> User:
        """Return a user by id or name."""
        for user in self._workspace.state.users.values():
            if id_or_name in {user.id, user.name}:
                return user
        raise HTTPException(404, f"user {id_or_name!r} is not known; POST /_admin/users adds one")

    def channel(self, id_or_name: str) -> Channel:
        """Return a channel by id or name."""
        channel = self._workspace.channel(id_or_name)
        if channel is None:
            raise HTTPException(404, f"channel {id_or_name!r} is not known; POST /_admin/channels adds one")
        return channel


def _acknowledged(answer: Acknowledgement) -> JSONResponse:
    return JSONResponse(
        {
            "ok": answer.ok,
            "status_code": answer.status_code,
            "response": answer.text,
            "error": "" if answer.ok else answer.problem,
        }
    )
