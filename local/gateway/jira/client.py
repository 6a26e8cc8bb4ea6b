"""The Jira site's REST API with an account's API token, and text in the caller's format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias
from urllib.parse import quote, urlsplit

import httpx
from pydantic import BaseModel, Field, JsonValue, TypeAdapter

from local.double import JsonObject
from local.gateway.tools import Arguments, ToolFailed
from local.jira import adf, markdown, markup
from local.jira.state import cloud_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ContentFormat: TypeAlias = Literal["markdown", "adf"]
_JSON: Final[TypeAdapter[JsonValue]] = TypeAdapter(JsonValue)


class SiteCredentials(BaseModel):
    """The account that the tools act as, as the credentials file holds it."""

    base_url: str
    email: str
    api_token: str


class SiteArguments(Arguments):
    """Which Jira site."""

    cloudId: str = Field(description="The site's id, or its address")


class IssueArguments(SiteArguments):
    """Which issue."""

    issueIdOrKey: str = Field(description="Issue id or key, e.g. ABC-12")

    @property
    def path(self) -> str:
        """The issue's path in the REST API."""
        return f"/issue/{self.issueIdOrKey}"


class _Errors(BaseModel):
    errorMessages: list[str] = Field(default_factory=list)
    errors: dict[str, str] = Field(default_factory=dict)


class JiraSite:
    """Requests to one site."""

    def __init__(self, client: httpx.AsyncClient, credentials: Path) -> None:
        """Use `client`, and the account in the file `credentials`."""
        self._client = client
        self._credentials = credentials

    def resources(self) -> JsonValue:
        """Describe the one site that the account reaches."""
        url = self._account().base_url
        return [
            {
                "id": cloud_id(url),
                "url": url,
                "name": urlsplit(url).netloc,
                "scopes": ["read:jira-work", "write:jira-work"],
                "avatarUrl": "",
            }
        ]

    async def send(
        self,
        method: str,
        path: str,
        wanted: SiteArguments | None = None,
        *,
        document: JsonObject | None = None,
        params: Mapping[str, str] | None = None,
    ) -> JsonValue:
        """Send one request to the site that `wanted` names and return the answer's JSON."""
        account = self._account()
        if wanted is not None:
            _check_site(wanted.cloudId, account.base_url)
        try:
            answer = await self._client.request(
                method,
                f"{account.base_url}/rest/api/3{quote(path)}",
                json=document,
                params=dict(params or {}),
                auth=(account.email, account.api_token),
            )
        except httpx.TransportError as error:
            raise ToolFailed(f"{method} {path}: Jira does not answer ({error})") from error
        if answer.status_code >= 400:
            raise ToolFailed(f"{method} {path}: {answer.status_code} {_words(answer)}")
        return _JSON.validate_json(answer.content) if answer.content else {}

    def _account(self) -> SiteCredentials:
        found = SiteCredentials.model_validate_json(self._credentials.read_bytes())
        return found.model_copy(update={"base_url": found.base_url.rstrip("/")})


def document_of(text: str, content_format: ContentFormat | None) -> JsonObject:
    """Return what a caller wrote as an ADF document."""
    if content_format != "adf":
        return markdown.to_adf(text)
    try:
        given = _JSON.validate_json(text)
    except ValueError as error:
        raise ToolFailed("the text is not JSON; send an ADF document, or Markdown") from error
    if not isinstance(given, dict) or not adf.is_document(given):
        raise ToolFailed("the text is not an ADF document; send one, or Markdown")
    return given


def readable(value: JsonValue, content_format: ContentFormat | None) -> JsonValue:
    """Return a document with every ADF body in it as Markdown, which is what models read best."""
    if content_format == "adf":
        return value
    if isinstance(value, list):
        return [readable(item, content_format) for item in value]
    if not isinstance(value, dict):
        return value
    if adf.is_document(value):
        return markup.markdown(value)
    return {name: readable(item, content_format) for name, item in value.items()}


def _check_site(given: str, base_url: str) -> None:
    known = {cloud_id(base_url), base_url, urlsplit(base_url).netloc}
    if given.rstrip("/") not in known:
        raise ToolFailed(
            f"Cloud id: {given} isn't explicitly granted by the user; "
            "getAccessibleAtlassianResources lists the sites that are"
        )


def _words(answer: httpx.Response) -> str:
    try:
        found = _Errors.model_validate_json(answer.content)
    except ValueError:
        return answer.text[:300]
    return "; ".join([*found.errorMessages, *(f"{name}: {why}" for name, why in found.errors.items())])
