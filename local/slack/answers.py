"""What the app does with what it was given: views.open for a trigger, messages to a response_url."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from pydantic import BaseModel, JsonValue
from starlette.responses import JSONResponse, PlainTextResponse, Response

from local.double import JsonObject, body
from local.slack import rules
from local.slack.chat import write
from local.slack.people import view_document
from local.slack.state import BOT_USER, Message, OpenView
from local.slack.web_api import Parameters, SlackError, checked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from local.slack.state import Channel, ResponseAddress, Workspace
    from local.slack.web_api import Method


class OpenParameters(Parameters):
    """The parameters of views.open."""

    trigger_id: str
    view: JsonObject


class UpdateParameters(Parameters):
    """The parameters of views.update."""

    view_id: str
    view: JsonObject


class ResponseMessage(BaseModel):
    """A message to a response_url."""

    text: str | None = None
    blocks: list[JsonObject] | None = None
    response_type: str = "ephemeral"
    replace_original: bool = False
    delete_original: bool = False
    thread_ts: str | None = None


class Answers:
    """The app's answers in one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        """Take answers for `workspace`."""
        self._workspace = workspace

    def methods(self) -> Mapping[str, Method]:
        """Return the Web API methods by their names."""
        return {"views.open": self.open, "views.push": self.open, "views.update": self.update}

    async def open(self, given: JsonObject) -> JsonObject:
        """Open a dialog for the user whose action gave the trigger."""
        wanted = checked(OpenParameters, given)
        trigger = self._workspace.state.triggers.pop(wanted.trigger_id, None)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.expires < time.time():
            raise SlackError("expired_trigger_id")
        _check(wanted.view)
        view = OpenView(
            id=self._workspace.next_id("V"),
            user=trigger.user,
            channel=trigger.channel,
            document=wanted.view,
            hash=f"{int(time.time())}.{secrets.token_hex(4)}",
        )
        self._workspace.state.views[view.id] = view
        return {"view": view_document(view)}

    async def update(self, given: JsonObject) -> JsonObject:
        """Replace an open dialog."""
        wanted = checked(UpdateParameters, given)
        view = self._workspace.state.views.get(wanted.view_id)
        if view is None:
            raise SlackError("not_found")
        _check(wanted.view)
        view.document, view.errors = wanted.view, {}
        view.hash = f"{int(time.time())}.{secrets.token_hex(4)}"
        return {"view": view_document(view)}

    async def response(self, request: Request) -> Response:
        """Take a message that the app sends to a response_url."""
        address = self._workspace.state.responses.get(str(request.path_params["response"]))
        if address is None:
            return PlainTextResponse("expired_url", status_code=404)
        if address.expires < time.time() or address.uses_left < 1:
            return JSONResponse({"ok": False, "error": "used_url"}, status_code=404)
        wanted = await body(request, ResponseMessage)
        channel = self._workspace.state.channels.get(address.channel)
        if channel is None:
            return JSONResponse({"ok": False, "error": "channel_not_found"}, status_code=404)
        try:
            self._respond(address, channel, wanted)
        except SlackError as error:
            return JSONResponse({"ok": False, "error": error.code}, status_code=400)
        address.uses_left -= 1
        self._workspace.save()
        return PlainTextResponse("ok")

    def _respond(self, address: ResponseAddress, channel: Channel, wanted: ResponseMessage) -> None:
        original = channel.message(address.message_ts) if address.message_ts else None
        if original is not None and wanted.delete_original:
            channel.messages.remove(original)
            return
        if original is not None and wanted.replace_original:
            write(original, text=wanted.text, blocks=wanted.blocks)
            original.edited_ts = self._workspace.timestamp()
            return
        message = Message(
            ts=self._workspace.timestamp(),
            user=BOT_USER,
            bot=True,
            thread_ts=wanted.thread_ts or (original.thread_ts if original else None),
            only_for=None if wanted.response_type == "in_channel" else address.user,
        )
        write(message, text=wanted.text, blocks=wanted.blocks)
        channel.messages.append(message)


def _check(view: JsonObject) -> None:
    """Refuse a view that Slack would refuse."""
    blocks: JsonValue = view.get("blocks")
    if view.get("type") != "modal" or not isinstance(view.get("title"), dict):
        raise SlackError("invalid_arguments", "a view needs type 'modal' and a title")
    if not isinstance(blocks, list):
        raise SlackError("invalid_arguments", "a view needs blocks")
    wrong = rules.problem([block for block in blocks if isinstance(block, dict)])
    if wrong is not None:
        raise SlackError("invalid_arguments", wrong)
    has_input = any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)
    if has_input and not isinstance(view.get("submit"), dict):
        raise SlackError("invalid_arguments", "a view with inputs needs a submit text")
