"""The gateway put together: authentication, then MCP over streamable HTTP."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import httpx
import mcp.types as mcp_types
from mcp.server.lowlevel import Server as McpServer
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from local.double import health
from local.gateway.calls import CallLog
from local.gateway.configuration import Emulator
from local.gateway.dispatch import Dispatcher, Session
from local.gateway.identity import Unauthenticated, authenticate
from local.gateway.interception import Intercepted, Interception
from local.gateway.targets import Targets

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from mcp.server import ServerRequestContext
    from starlette.types import Message, Receive, Scope, Send

    from local.gateway.tools import Toolset

_SESSION = "gateway_session"


def build(
    *, emulator_url: str, servers: Mapping[str, Toolset], clients: Sequence[httpx.AsyncClient] = ()
) -> Starlette:
    """Return the application; `servers` answer for remote MCP servers by host.

    The `clients` that the servers use live as long as the application runs.
    """
    calls = CallLog()
    targets = Targets(servers, emulator_url=emulator_url)
    dispatcher = Dispatcher(targets, calls)
    client = httpx.AsyncClient(base_url=emulator_url, trust_env=False, timeout=30)
    manager = StreamableHTTPSessionManager(
        _mcp_server(dispatcher),
        stateless=True,
        json_response=True,
        security_settings=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )

    @contextlib.asynccontextmanager
    async def running(_app: Starlette) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            for used in (client, *clients):
                await stack.enter_async_context(used)
            await stack.enter_async_context(manager.run())
            yield

    async def recent_calls(_request: Request) -> JSONResponse:
        return JSONResponse(calls.as_documents())

    return Starlette(
        routes=[
            Route("/health", health),
            Route("/calls", recent_calls),
            Route("/gateways/{gateway_id}/mcp", _Endpoint(Emulator(client), targets, calls, manager)),
        ],
        lifespan=running,
    )


class _Endpoint:
    """The MCP endpoint: says who calls which gateway, asks its interceptors, then lets the protocol go on."""

    def __init__(
        self, emulator: Emulator, targets: Targets, calls: CallLog, manager: StreamableHTTPSessionManager
    ) -> None:
        self._emulator = emulator
        self._targets = targets
        self._calls = calls
        self._manager = manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        gateway_id = str(request.path_params["gateway_id"])
        try:
            caller = await authenticate(request.headers, self._emulator)
            gateway = await self._emulator.gateway(gateway_id)
        except Unauthenticated as error:
            await JSONResponse({"message": str(error)}, status_code=error.status)(scope, receive, send)
            return
        except httpx.HTTPError as error:
            message = f"the emulator does not answer for gateway {gateway_id!r}: {error}"
            await JSONResponse({"message": message}, status_code=503)(scope, receive, send)
            return
        if gateway is None:
            message = f"gateway {gateway_id!r} is not deployed"
            await JSONResponse({"message": message}, status_code=404)(scope, receive, send)
            return
        scope.setdefault("state", {})[_SESSION] = Session(gateway=gateway, caller=caller)
        if gateway.authorizer != "AWS_IAM":
            message = (
                f"gateway {gateway_id!r} takes {gateway.authorizer}; the laptop verifies IAM callers only"
            )
            await JSONResponse({"message": message}, status_code=401)(scope, receive, send)
            return
        try:
            body = await Interception(gateway, self._targets.functions(gateway)).apply(request)
        except Intercepted as answer:
            if answer.tool:
                self._calls.add(
                    gateway_id,
                    caller=caller.principal_arn,
                    tool=answer.tool,
                    outcome="denied",
                    milliseconds=0,
                )
            reply = JSONResponse(answer.body, status_code=answer.status, headers=answer.headers)
            await reply(scope, receive, send)
            return
        await self._manager.handle_request(scope, replayed(body, receive), send)


def replayed(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives a body that was read already, then what really comes."""
    told = False

    async def again() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _mcp_server(dispatcher: Dispatcher) -> McpServer[dict[str, object]]:
    async def list_tools(
        context: ServerRequestContext[dict[str, object]], _params: mcp_types.PaginatedRequestParams | None
    ) -> mcp_types.ListToolsResult:
        return mcp_types.ListToolsResult(tools=dispatcher.tools(_session(context)))

    async def call_tool(
        context: ServerRequestContext[dict[str, object]], params: mcp_types.CallToolRequestParams
    ) -> mcp_types.CallToolResult:
        return await dispatcher.call(
            _session(context), params.name, params.arguments or {}, message_id=str(context.request_id)
        )

    return McpServer("agentcore-gateway", version="1.0.0", on_list_tools=list_tools, on_call_tool=call_tool)


def _session(context: ServerRequestContext[dict[str, object]]) -> Session:
    session = context.request.scope["state"][_SESSION] if context.request is not None else None
    if not isinstance(session, Session):
        raise TypeError("an MCP message reached the gateway without passing its endpoint")
    return session
