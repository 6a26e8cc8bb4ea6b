"""The Web API's frame: one address per method, tokens, parameters, and errors in Slack's shape."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError
from starlette.responses import JSONResponse

from local.double import JsonObject

if TYPE_CHECKING:
    from starlette.requests import Request

    from local.slack.state import Channel, Message, Workspace

P = TypeVar("P", bound="Parameters")
Method: TypeAlias = Callable[[JsonObject], Awaitable[JsonObject]]
_OBJECT: TypeAdapter[JsonObject] = TypeAdapter(JsonObject)
_STRUCTURED = frozenset({"attachments", "blocks", "metadata", "view"})


class SlackError(Exception):
    """A refusal: Slack's error code, and what exactly is wrong where Slack says so."""

    def __init__(self, code: str, *messages: str) -> None:
        """Refuse with a code."""
        super().__init__(code)
        self.code = code
        self.messages = messages


class Parameters(BaseModel):
    """A method's parameters; Slack ignores those that it does not know."""

    model_config = ConfigDict(extra="ignore")


class NoParameters(Parameters):
    """The parameters of a method that takes none."""


class WebApi:
    """Answers `/api/{method}`."""

    def __init__(self, workspace: Workspace, methods: Mapping[str, Method]) -> None:
        """Serve `methods` to the installed app of `workspace`."""
        self._workspace = workspace
        self._methods = methods

    async def endpoint(self, request: Request) -> JSONResponse:
        """Answer one call; Slack answers 200 for refusals too."""
        try:
            parameters = await _parameters(request)
            self._authorise(request, parameters)
            name = str(request.path_params["method"])
            if name == "api.test":
                return JSONResponse({"ok": True})
            if name not in self._methods:
                raise SlackError("unknown_method")
            answer = await self._methods[name](parameters)
        except SlackError as error:
            document: JsonObject = {"ok": False, "error": error.code}
            if error.messages:
                document["response_metadata"] = {"messages": [f"[ERROR] {m}" for m in error.messages]}
            return JSONResponse(document)
        self._workspace.save()
        return JSONResponse({"ok": True, **answer})

    def _authorise(self, request: Request, parameters: JsonObject) -> None:
        token = request.headers.get("authorization", "").removeprefix("Bearer ") or parameters.get("token")
        if not token:
            raise SlackError("not_authed")
        app = self._workspace.state.app
        if app is None or token != app.bot_token:
            raise SlackError("invalid_auth")


def checked(model: type[P], given: JsonObject) -> P:
    """Return a call's parameters as `model`, or refuse as Slack does."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        details = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
        raise SlackError("invalid_arguments", *details) from error


def channel_or_error(workspace: Workspace, id_or_name: str) -> Channel:
    """Return a conversation; a user's id means the bot's conversation with that user."""
    user = workspace.state.users.get(id_or_name)
    if user is not None:
        return workspace.direct(user)
    found = workspace.channel(id_or_name)
    if found is None:
        raise SlackError("channel_not_found")
    return found


def message_or_error(channel: Channel, ts: str) -> Message:
    """Return a message that everybody sees."""
    found = channel.message(ts)
    if found is None or found.only_for is not None:
        raise SlackError("message_not_found")
    return found


async def _parameters(request: Request) -> JsonObject:
    """Return the parameters: JSON, or a form whose structured values are JSON texts."""
    given: dict[str, JsonValue] = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            return given | _OBJECT.validate_json(await request.body() or b"{}")
        except ValidationError as error:
            raise SlackError("invalid_json") from error
    async with request.form() as form:
        given |= {name: value for name, value in form.items() if isinstance(value, str)}
    for name in _STRUCTURED & given.keys():
        text = given[name]
        try:
            given[name] = json.loads(text) if isinstance(text, str) else text
        except ValueError as error:
            raise SlackError(f"invalid_{name}") from error
    return given
