"""What the pages' forms do: send a message or a command, press a button, send a dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from local.double import refuse_other_sites
from local.slack.web_api import SlackError

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from local.slack.people import People
    from local.slack.state import Channel, User, Workspace


class PageForms:
    """The forms' targets."""

    def __init__(self, workspace: Workspace, people: People) -> None:
        """Act in `workspace` through `people`."""
        self._workspace = workspace
        self._people = people

    def routes(self) -> list[BaseRoute]:
        """Return the routes of the forms."""
        prefix = "/channels/{channel}"
        return [
            Route(f"{prefix}/messages", self.message, methods=["POST"]),
            Route(f"{prefix}/actions", self.action, methods=["POST"]),
            Route(f"{prefix}/views/{{view}}", self.view, methods=["POST"]),
        ]

    async def message(self, request: Request) -> RedirectResponse:
        """Send what was typed: a command when it starts with a slash."""
        refuse_other_sites(request)
        async with request.form() as form:
            channel, user = self._channel(request), self._user(form)
            text, thread_ts = _text(form, "text").strip(), _text(form, "thread_ts") or None
        if not text.startswith("/"):
            message = self._people.write(user, channel, text, thread_ts=thread_ts)
            return _back(channel, user, message.ts)
        command, _, rest = text.partition(" ")
        await self._refusable(self._people.command(user, channel, command, rest.strip()))
        return _back(channel, user)

    async def action(self, request: Request) -> RedirectResponse:
        """Press a button."""
        refuse_other_sites(request)
        async with request.form() as form:
            channel, user = self._channel(request), self._user(form)
            ts, action_id, value = (_text(form, name) for name in ("ts", "action_id", "value"))
        await self._refusable(self._people.press(user, channel, ts, action_id, value))
        return _back(channel, user, ts)

    async def view(self, request: Request) -> RedirectResponse:
        """Send or close a dialog."""
        refuse_other_sites(request)
        channel = self._channel(request)
        view = self._workspace.state.views.get(str(request.path_params["view"]))
        if view is None:
            raise HTTPException(404, "this dialog is no longer open")
        values: dict[str, dict[str, str]] = {}
        async with request.form() as form:
            closing = _text(form, "close") == "yes"
            for name, value in form.items():
                block, slash, action = name.partition("/")
                if slash and isinstance(value, str):
                    values.setdefault(block, {})[action] = value
        if closing:
            self._people.close(view)
        else:
            await self._refusable(self._people.submit(view, values))
        return _back(channel, self._workspace.state.users[view.user])

    async def _refusable(self, doing: Awaitable[object]) -> None:
        try:
            await doing
        except SlackError as error:
            raise HTTPException(409, f"{error.code} {' '.join(error.messages)}".strip()) from error

    def _channel(self, request: Request) -> Channel:
        found = self._workspace.channel(str(request.path_params["channel"]))
        if found is None:
            raise HTTPException(404, "no such channel")
        return found

    def _user(self, form: FormData) -> User:
        found = self._workspace.state.users.get(_text(form, "user"))
        if found is None or found.is_bot:
            raise HTTPException(400, "no such person")
        return found


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _back(channel: Channel, user: User, ts: str = "") -> RedirectResponse:
    anchor = f"#m{ts}" if ts else ""
    address = f"/channels/{channel.name}?{urlencode({'user': user.id})}{anchor}"
    return RedirectResponse(address, status_code=303)
