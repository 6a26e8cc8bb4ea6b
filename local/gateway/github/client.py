"""The forge's REST API as a GitHub App: short-lived installation tokens, errors with their cause."""

from __future__ import annotations

import time
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import quote

import httpx
import jwt
from pydantic import BaseModel, JsonValue, TypeAdapter

from local.double import JsonObject
from local.gateway.tools import ToolFailed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

S = TypeVar("S")
_ANY_JSON: Final[TypeAdapter[JsonValue]] = TypeAdapter(JsonValue)
_RENEW_BEFORE_SECONDS: Final = 300
_ACCEPT: Final = "application/vnd.github+json"


class AppCredentials(BaseModel):
    """A GitHub App's installation, as the credentials file holds it."""

    app_id: int | str
    installation_id: int | str
    private_key: str


class InstallationToken(BaseModel):
    """A token that GitHub gave for one hour."""

    token: str
    expires_at: datetime


class GitHubError(ToolFailed):
    """GitHub refused a request; the message has the status and GitHub's own words."""

    def __init__(self, response: httpx.Response) -> None:
        """Read the refusal."""
        request = response.request
        super().__init__(f"{request.method} {request.url}: {response.status_code} {_words(response)}")
        self.status = response.status_code


class Forge:
    """Typed requests to the forge with the App's token."""

    def __init__(self, client: httpx.AsyncClient, credentials: Path) -> None:
        """Use `client`, whose base address is the API's, and the App in the file `credentials`."""
        self._client = client
        self._credentials = credentials
        self._token: InstallationToken | None = None

    async def get(self, path: str, shape: type[S], *, params: Mapping[str, object] | None = None) -> S:
        """Return a JSON document as `shape`."""
        return TypeAdapter(shape).validate_json((await self.send("GET", path, params=params)).content)

    async def json(self, path: str, *, params: Mapping[str, object] | None = None) -> JsonValue:
        """Return a JSON document as it is."""
        return _ANY_JSON.validate_json((await self.send("GET", path, params=params)).content)

    async def text(self, path: str, *, accept: str = _ACCEPT) -> str:
        """Return a text, following the redirect that GitHub uses for logs."""
        return (await self.send("GET", path, accept=accept, follow=True)).text

    async def write(self, method: str, path: str, shape: type[S], document: JsonObject) -> S:
        """Send a document and return the answer as `shape`."""
        return TypeAdapter(shape).validate_json((await self.send(method, path, document)).content)

    async def graphql(self, query: str, variables: JsonObject) -> JsonObject:
        """Run a GraphQL operation and return its `data`."""
        answer = await self.send("POST", "/graphql", {"query": query, "variables": variables})
        document = TypeAdapter(JsonObject).validate_json(answer.content)
        data = document.get("data")
        if document.get("errors") or not isinstance(data, dict):
            raise ToolFailed(f"GraphQL: {document.get('errors')}")
        return data

    async def send(
        self,
        method: str,
        path: str,
        document: JsonObject | None = None,
        *,
        params: Mapping[str, object] | None = None,
        accept: str = _ACCEPT,
        follow: bool = False,
    ) -> httpx.Response:
        """Send one request and return an answer that is no refusal; `path` is not yet quoted."""
        if ".." in path.split("/"):
            raise ToolFailed(f"{path!r} leaves its repository; give a path without '..'")
        given = {name: str(value) for name, value in (params or {}).items() if value is not None}
        try:
            answer = await self._client.request(
                method,
                quote(path),
                json=document,
                params=given,
                headers={"Accept": accept, "Authorization": f"Bearer {await self._valid_token()}"},
                follow_redirects=follow,
            )
        except httpx.TransportError as error:
            raise ToolFailed(f"{method} {path}: the forge does not answer ({error})") from error
        if answer.status_code == 401:
            self._token = None
        if answer.status_code >= 400:
            raise GitHubError(answer)
        return answer

    async def _valid_token(self) -> str:
        if self._token is None or self._token.expires_at.timestamp() - time.time() < _RENEW_BEFORE_SECONDS:
            self._token = await self._new_token()
        return self._token.token

    async def _new_token(self) -> InstallationToken:
        app = AppCredentials.model_validate_json(self._credentials.read_bytes())
        moment = int(time.time())
        # Sixty seconds back: GitHub's advice against clocks that differ.
        claims = {"iat": moment - 60, "exp": moment + 540, "iss": str(app.app_id)}
        answer = await self._client.post(
            f"/app/installations/{app.installation_id}/access_tokens",
            headers={
                "Accept": _ACCEPT,
                "Authorization": f"Bearer {jwt.encode(claims, app.private_key, algorithm='RS256')}",
            },
        )
        if answer.status_code >= 400:
            raise GitHubError(answer)
        return InstallationToken.model_validate_json(answer.content)


def _words(response: httpx.Response) -> str:
    """Return GitHub's message with the details of its `errors`."""
    try:
        document = TypeAdapter(JsonObject).validate_json(response.content)
    except ValueError:
        return response.text[:300]
    errors = document.get("errors")
    return f"{document.get('message', '')} {errors if errors else '[]'}"
