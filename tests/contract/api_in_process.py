"""The deployed handlers behind WSGI, called as API Gateway's HTTP API calls them."""

from __future__ import annotations

import base64
import importlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

TOKEN = "the-token-of-a-signed-in-person"
"""The only one that the gateway's authorizer takes."""
Start = Callable[[str, list[tuple[str, str]]], object]


@dataclass(frozen=True, kw_only=True)
class Route:
    """One route: its function, and whether only people who signed in come through."""

    method: str
    path: str
    folder: str
    people: bool = False

    def matches(self, method: str, path: str) -> re.Match[str] | None:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(self.path))
        return re.fullmatch(pattern, path) if method == self.method else None


@dataclass(frozen=True, kw_only=True)
class Api:
    """A WSGI application. `claims` is what the authorizer reads in the token; `prove` plays the sender:
    the headers that it adds to a path and a body.
    """

    routes: tuple[Route, ...]
    claims: dict[str, str]
    prove: Callable[[str, bytes], dict[str, str]] = lambda _path, _body: {}

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        # WSGI hands paths over as Latin-1.
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        for route in self.routes:
            if found := route.matches(environ["REQUEST_METHOD"], path):
                return self._call(route, found.groupdict(), path, environ, start)
        return _gateways_own(404, start)

    def _call(
        self, route: Route, parameters: dict[str, str], path: str, environ: dict[str, Any], start: Start
    ) -> Iterable[bytes]:
        body = environ["wsgi.input"].read()
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").lower(): value
            for name, value in environ.items()
            if name.startswith("HTTP_") or name in {"CONTENT_TYPE", "CONTENT_LENGTH"}
        } | self.prove(route.path, body)
        if route.people and headers.get("authorization") != f"Bearer {TOKEN}":
            return _gateways_own(401, start)
        query: dict[str, str] = {}
        for name, value in parse_qsl(environ["QUERY_STRING"], keep_blank_values=True):
            query[name] = f"{query[name]},{value}" if name in query else value
        event = {
            "version": "2.0",
            "routeKey": f"{route.method} {route.path}",
            "rawPath": path,
            "headers": headers,
            "pathParameters": parameters or None,
            "queryStringParameters": query or None,
            "requestContext": {"authorizer": {"jwt": {"claims": self.claims}}} if route.people else {},
            "body": base64.b64encode(body).decode() if body else None,
            "isBase64Encoded": bool(body),
        }
        answer = importlib.import_module(f"lambdas.{route.folder}.handler").handler(event, None)
        status = answer["statusCode"]
        start(f"{status} {HTTPStatus(status).phrase}", [*answer["headers"].items()])
        return [answer["body"].encode()]


def _gateways_own(status: int, start: Start) -> Iterable[bytes]:
    phrase = HTTPStatus(status).phrase
    start(f"{status} {phrase}", [("content-type", "application/json")])
    return [json.dumps({"message": phrase}).encode()]
