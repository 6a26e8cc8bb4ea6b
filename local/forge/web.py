"""From an HTTP request to an endpoint's function and back, the way GitHub's API behaves."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar
from urllib.parse import urlencode

from anyio import to_thread
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.forge.auth import Caller, authenticate
from local.forge.errors import Refused, not_found
from local.forge.git.command import GitFailed

if TYPE_CHECKING:
    from starlette.requests import Request

    from local.forge.forge import Forge
    from local.forge.git.repository import GitRepository
    from local.forge.records import Repository

logger = logging.getLogger(__name__)

BodyT = TypeVar("BodyT", bound="Body")
ItemT = TypeVar("ItemT")

MAX_PER_PAGE = 100
Access = Literal["open", "signed-in", "app", "write"]


class Body(BaseModel):
    """A request body; fields that GitHub knows and the forge does not need are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


@dataclass(frozen=True)
class Call:
    """One request, with what every endpoint asks of it."""

    forge: Forge
    request: Request
    body: bytes
    caller: Caller | None

    def text(self, name: str) -> str:
        """A path parameter."""
        return str(self.request.path_params[name])

    def number(self, name: str) -> int:
        """A numeric path parameter; anything else is simply not found."""
        value = self.text(name)
        if not value.isdecimal():
            raise not_found()
        return int(value)

    def query(self, name: str) -> str | None:
        """A query parameter, when it is there and not empty."""
        return self.request.query_params.get(name) or None

    def asks_for(self, media: str) -> bool:
        """Say whether the Accept header names one of GitHub's media types (`diff`, `raw`...)."""
        accept = self.request.headers.get("accept", "")
        return any(
            f"application/vnd.github.{version}{media}" in accept for version in ("", "v3.", "VERSION.")
        )

    def parse(self, model: type[BodyT]) -> BodyT:
        """Read the JSON body."""
        try:
            raw = json.loads(self.body or b"{}")
        except ValueError as error:
            raise Refused(400, "Problems parsing JSON") from error
        if not isinstance(raw, dict):
            raise Refused(400, "Body should be a JSON object")
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            raise Refused(422, "Validation Failed", errors=_field_errors(error, model)) from error

    @property
    def signed_in(self) -> Caller:
        """The caller, where one is required."""
        if self.caller is None:
            raise Refused(401, "Requires authentication")
        return self.caller

    @property
    def repository(self) -> Repository:
        """The repository in the path."""
        return self.forge.repository(self.text("owner"), self.text("repo"))

    @property
    def git(self) -> GitRepository:
        """The git side of the repository in the path."""
        return self.forge.git(self.repository)

    def window(self) -> tuple[int, int]:
        """The page and page size that were asked for."""
        page, size = self.query("page") or "1", self.query("per_page") or "30"
        return (
            max(1, int(page)) if page.isdecimal() else 1,
            min(MAX_PER_PAGE, max(1, int(size))) if size.isdecimal() else 30,
        )

    def listing(
        self, items: Sequence[ItemT], shape: Callable[[ItemT], object], *, wrap: str | None = None
    ) -> Response:
        """Answer with one page of a list; `wrap` names the key beside `total_count`."""
        page, size = self.window()
        shown = [shape(item) for item in items[(page - 1) * size : page * size]]
        last = max(1, -(-len(items) // size))
        body: object = shown if wrap is None else {"total_count": len(items), wrap: shown}
        if wrap == "items":
            body = {
                "total_count": len(items),
                "incomplete_results": False,
                "search_type": "lexical",
                wrap: shown,
            }
        return ok(body, headers=self.links(last_page=last))

    def links(self, *, last_page: int) -> dict[str, str]:
        """The Link header of a paged answer."""
        page, _ = self.window()
        relations = {}
        if page < last_page:
            relations = {"next": page + 1, "last": last_page}
        if page > 1:
            relations = {"prev": min(page - 1, last_page), "first": 1, **relations}
        if not relations:
            return {}
        return {"Link": ", ".join(f'<{self._page_url(to)}>; rel="{name}"' for name, to in relations.items())}

    def _page_url(self, page: int) -> str:
        query = {**dict(self.request.query_params), "page": str(page)}
        return f"{self.forge.urls.base}{self.request.url.path}?{urlencode(query)}"


Answer = Callable[[Call], Response]


@dataclass(frozen=True)
class Endpoint:
    """One operation: who may call it, and which permission an installation needs to write."""

    method: str
    path: str
    answer: Answer
    access: Access = "open"
    permission: str = "contents"


def ok(body: object, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Answer with JSON."""
    return JSONResponse(body, status_code=status, headers=headers)


def created(body: object) -> Response:
    """Answer 201 with JSON."""
    return ok(body, status=201)


def no_content() -> Response:
    """Answer 204."""
    return Response(status_code=204)


def routes(forge: Forge, endpoints: Iterable[Endpoint]) -> list[Route]:
    """Turn endpoints into routes."""
    return [_route(forge, endpoint) for endpoint in endpoints]


def _route(forge: Forge, endpoint: Endpoint) -> Route:
    async def serve(request: Request) -> Response:
        body = await request.body()
        return await to_thread.run_sync(_answer, forge, endpoint, request, body)

    methods = ["GET", "HEAD"] if endpoint.method == "GET" else [endpoint.method]
    return Route(endpoint.path, serve, methods=methods)


def _answer(forge: Forge, endpoint: Endpoint, request: Request, body: bytes) -> Response:
    try:
        caller = authenticate(forge.store, request.headers.get("authorization"))
        call = Call(forge=forge, request=request, body=body, caller=caller)
        _check_access(endpoint, call)
        if endpoint.method == "GET":
            return _with_etag(request, endpoint.answer(call))
        with forge.store.lock:
            return endpoint.answer(call)
    except Refused as refusal:
        return JSONResponse(refusal.body(), status_code=refusal.status)
    except GitFailed as failure:
        logger.warning("path=<%s> | %s", request.url.path, failure)
        return JSONResponse(Refused(422, failure.complaint or "git refused").body(), status_code=422)


def _check_access(endpoint: Endpoint, call: Call) -> None:
    if endpoint.access == "open":
        return
    caller = call.signed_in
    if endpoint.access == "app" and caller.kind != "app":
        raise Refused(401, "A JSON web token could not be decoded")
    if endpoint.access == "signed-in" and caller.kind == "app":
        raise Refused(403, "Resource not accessible by integration")
    if endpoint.access == "write" and not caller.may_write(
        endpoint.permission, repository_id=call.repository.id
    ):
        integration = caller.kind != "user"
        raise Refused(
            403,
            "Resource not accessible by integration"
            if integration
            else "Must have admin rights to Repository.",
        )


def _with_etag(request: Request, response: Response) -> Response:
    if response.status_code != 200 or not isinstance(response, JSONResponse):
        return response
    tag = f'W/"{hashlib.sha256(bytes(response.body)).hexdigest()}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return response


def _field_errors(error: ValidationError, model: type[Body]) -> list[dict[str, object]]:
    resource = model.__name__.removeprefix("New").removesuffix("Body")
    return [
        {
            "resource": resource,
            "field": ".".join(str(part) for part in problem["loc"]),
            "code": "missing_field" if problem["type"] == "missing" else "invalid",
            "message": problem["msg"],
        }
        for problem in error.errors()
    ]
