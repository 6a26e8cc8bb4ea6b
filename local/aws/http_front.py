"""The ASGI application in front of ministack: our own routes first, everything else passes."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from local.aws.context import Context, Query, Reply, Route
from local.aws.loopback_guard import is_loopback

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, object]
Message = MutableMapping[str, object]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

OWN_PREFIX = "/_slipway/"
READ_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
DATA_PLANE_SCOPE = re.compile(r"/bedrock-agentcore/aws4_request")


class HttpFront:
    """Wraps ministack's application."""

    def __init__(self, application: Application, context: Context) -> None:
        self._application = application
        self._context = context
        self.changes = 0
        """Requests that may have changed something, for whoever saves the state."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or hand it on."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        if scope["method"] not in READ_METHODS:
            self.changes += 1
        headers, path = read_headers(scope), str(scope["path"])
        if path.startswith(OWN_PREFIX):
            if not is_from_this_machine(headers.get("origin")):
                await respond(send, problem(403, "pages of other hosts may not ask the emulator"))
                return
            found = find(self._context.own_api, str(scope["method"]), path)
            if found is None:
                await respond(send, problem(404, f"no answer to {scope['method']} {path}"))
                return
        elif DATA_PLANE_SCOPE.search(headers.get("authorization", "")):
            found = find(self._context.data_plane, str(scope["method"]), path)
        else:
            found = None
        if found is None:
            await self._application(scope, receive, send)
            return
        route, match = found
        body = await read_body(receive)
        query = parse_qs(text(scope.get("query_string", b"")), keep_blank_values=True)
        await respond(send, await asyncio.to_thread(self._answer, route, match, headers, body, query))

    def _answer(
        self, route: Route, match: re.Match[str], headers: Mapping[str, str], body: bytes, query: Query
    ) -> Reply:
        from ministack.core.responses import set_request_account_id, set_request_region
        from ministack.core.router import extract_access_key_id, extract_region

        key = extract_access_key_id(headers, query)
        if key:
            set_request_account_id(key)
        set_request_region(extract_region(headers, query))
        try:
            return route.handler(match, headers, body, query)
        except Exception:
            logger.exception("path=<%s> | extension failed", match.string)
            return (
                500,
                {"x-amzn-errortype": "InternalServerException"},
                b'{"message":"extension failed; see the log"}',
            )


def find(routes: Sequence[Route], method: str, path: str) -> tuple[Route, re.Match[str]] | None:
    """The first route of a method whose pattern is the whole path."""
    for route in routes:
        if route.method == method and (match := route.path.fullmatch(path)):
            return route, match
    return None


def is_from_this_machine(origin: str | None) -> bool:
    """Whether a browser's page, if it is one that asks, came from this machine."""
    return origin is None or is_loopback(urlsplit(origin).hostname or "unknown")


def problem(status: int, detail: str) -> Reply:
    """A problem document."""
    document = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return status, {"Content-Type": "application/problem+json"}, json.dumps(document).encode()


def read_headers(scope: Scope) -> dict[str, str]:
    """The request's headers by lower-case name."""
    pairs = scope.get("headers")
    return {text(name).lower(): text(value) for name, value in pairs} if isinstance(pairs, list) else {}


def text(raw: object) -> str:
    """Header or query bytes as text."""
    return raw.decode("latin-1") if isinstance(raw, bytes) else str(raw)


async def read_body(receive: Receive) -> bytes:
    """The whole request body."""
    parts = []
    more = True
    while more:
        message = await receive()
        part = message.get("body", b"")
        parts.append(part if isinstance(part, bytes) else b"")
        more = bool(message.get("more_body"))
    return b"".join(parts)


async def respond(send: Send, reply: Reply) -> None:
    """Send a reply."""
    status, headers, body = reply
    pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    pairs.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body, "more_body": False})
