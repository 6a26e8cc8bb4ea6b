"""AgentCore Runtime's data plane: an invocation reaches the deployed code asset, run as a process."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import threading
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from urllib.parse import unquote

from local.aws import patching
from local.aws.context import Context, Query, Reply
from local.aws.runtime_host import (
    SESSION_HEADER,
    Invocation,
    InvocationRefused,
    Runtime,
    RuntimeHost,
    endpoint_name,
    whole_answer,
)

logger = logging.getLogger(__name__)
Send = Callable[[MutableMapping[str, object]], Awaitable[None]]


def install(context: Context) -> None:
    """Answer InvokeAgentRuntime and StopRuntimeSession with real processes."""
    from ministack.core.responses import StreamingResponse, error_response_json
    from ministack.services import bedrock_agentcore

    host = RuntimeHost(context)
    stock_invoke = bedrock_agentcore._invoke_agent_runtime

    def invoke_endpoint(
        arn: str, headers: Mapping[str, str], body: bytes, query: Query | None = None
    ) -> object:
        values = (query or {}).get("qualifier") or ["DEFAULT"]
        reset = endpoint_name.set(values if isinstance(values, str) else values[0])
        try:
            return stock_invoke(arn, headers, body, query)
        finally:
            endpoint_name.reset(reset)

    def invoke(runtime: Runtime, headers: Mapping[str, str], body: bytes) -> object:
        try:
            invocation = host.invoke(runtime, headers, body or b"")
            if whole_answer.get() or "text/event-stream" not in invocation.headers["Content-Type"]:
                return invocation.response.status, invocation.headers, invocation.read()
        except InvocationRefused as refused:
            return error_response_json(refused.code, refused.message, refused.status)
        return invocation.response.status, invocation.headers, StreamingResponse(relay(invocation))

    def stop_session(match: re.Match[str], headers: Mapping[str, str], body: bytes, query: Query) -> Reply:
        del body, query
        arn, session = unquote(match["arn"]), headers.get(SESSION_HEADER, "")
        runtime, _, _ = bedrock_agentcore._find_runtime(arn)
        if runtime is None or not host.pool.stop_session(str(runtime["agentRuntimeId"]), session):
            document = {"message": f"session {session!r} of {arn} was not found"}
            return 404, {"x-amzn-errortype": "ResourceNotFoundException"}, json.dumps(document).encode()
        return 200, {SESSION_HEADER: session}, b"{}"

    patching.replace([bedrock_agentcore], "_invoke_agent_runtime", invoke_endpoint)
    patching.replace([bedrock_agentcore], "_invoke_agent_runtime_in_owner", invoke)
    context.route("POST", "/runtimes/(?P<arn>.+)/stopruntimesession", stop_session)
    context.runtime_host = host
    context.on_stop(host.pool.close)
    threading.Thread(target=host.pool.watch, daemon=True, name="agent-idle-watch").start()


def relay(invocation: Invocation) -> Callable[[Send, object], Awaitable[None]]:
    """Send an event stream on as it comes."""

    async def run(send: Send, receive: object) -> None:
        del receive
        try:
            while chunk := await asyncio.to_thread(invocation.read_some):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except OSError as error:
            logger.warning("agent=<%s> | event stream broke off: %s", invocation.agent.launch.name, error)
        finally:
            invocation.close()
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return run
