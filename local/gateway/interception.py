"""Request interceptors: a deployed function sees each MCP request first, and may change or answer it."""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from local.gateway.functions import FunctionFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from local.gateway.configuration import GatewayConfiguration, Interceptor
    from local.gateway.functions import Functions

logger = logging.getLogger(__name__)


class Intercepted(Exception):
    """The request goes no further: this is its answer."""

    def __init__(
        self, status: int, body: JsonValue, *, headers: Mapping[str, str] | None = None, tool: str = ""
    ) -> None:
        """Answer with a status and a JSON body; `tool` is what the request would have called."""
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = dict(headers or {})
        self.tool = tool


class _Response(BaseModel):
    model_config = ConfigDict(extra="ignore")

    status: int = Field(default=200, alias="statusCode")
    headers: dict[str, str] = Field(default_factory=dict)
    body: JsonValue = None


class _Request(BaseModel):
    model_config = ConfigDict(extra="ignore")

    body: JsonValue


class _Outcome(BaseModel):
    """As in AWS, a key that is spelled differently is ignored, and the request goes on."""

    model_config = ConfigDict(extra="ignore")

    request: _Request | None = Field(default=None, alias="transformedGatewayRequest")
    response: _Response | None = Field(default=None, alias="transformedGatewayResponse")


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    mcp: _Outcome = Field(default_factory=_Outcome)


@dataclass(frozen=True)
class Interception:
    """The interceptors of one gateway."""

    gateway: GatewayConfiguration
    functions: Functions

    async def apply(self, request: Request) -> bytes:
        """Return the body that goes on, or raise `Intercepted`."""
        body = await request.body()
        for interceptor in self.gateway.interceptors:
            if "REQUEST" not in interceptor.interception_points:
                logger.error("arn=<%s> | only REQUEST interceptors run on the laptop", interceptor.arn)
                continue
            body = await self._one(interceptor, request, body)
        return body

    async def _one(self, interceptor: Interceptor, request: Request, body: bytes) -> bytes:
        message = _message(body)
        event = _event(request, message, with_headers=interceptor.passes_headers)
        try:
            text = await asyncio.to_thread(self.functions.invoke, interceptor.arn, event)
            outcome = _Answer.model_validate_json(text).mcp
        except (FunctionFailed, ValidationError) as error:
            logger.error("arn=<%s> | the interceptor failed: %s", interceptor.arn, error)
            text = "the gateway's interceptor failed; the request was not sent"
            raise Intercepted(500, _error(-32603, text, message), tool=_tool(message)) from error
        if outcome.response is not None:
            answer = outcome.response
            raise Intercepted(answer.status, answer.body, headers=answer.headers, tool=_tool(message))
        if outcome.request is None:
            logger.warning("arn=<%s> | the interceptor decided nothing, the request goes on", interceptor.arn)
            return body
        changed = outcome.request.body
        return body if changed == message else json.dumps(changed).encode()


def _event(request: Request, message: JsonValue, *, with_headers: bool) -> dict[str, JsonValue]:
    seen: dict[str, JsonValue] = {"path": "/mcp", "httpMethod": request.method, "body": message}
    if with_headers:
        seen["headers"] = dict(request.headers)
    raw: dict[str, JsonValue] = {"body": json.dumps(message) if message is not None else ""}
    return {
        "interceptorInputVersion": "1.0",
        "mcp": {"rawGatewayRequest": raw, "gatewayRequest": seen},
    }


def _message(body: bytes) -> JsonValue:
    try:
        message: JsonValue = json.loads(body) if body else None
    except ValueError as error:
        raise Intercepted(400, _error(-32700, f"the body is not JSON: {error}", None)) from error
    return message


def _tool(message: JsonValue) -> str:
    """Name the tool that a message calls; empty when it calls none."""
    parameters = message.get("params") if isinstance(message, dict) else None
    is_call = isinstance(message, dict) and message.get("method") == "tools/call"
    return str(parameters.get("name", "")) if is_call and isinstance(parameters, dict) else ""


def _error(code: int, text: str, message: JsonValue) -> JsonValue:
    message_id = message.get("id") if isinstance(message, dict) else None
    return {"jsonrpc": "2.0", "id": message_id, "error": {"code": code, "message": text}}
