"""search_code and search_repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field, JsonValue

from local.double import JsonObject
from local.gateway.github.arguments import Paged
from local.gateway.github.shapes import CodeMatch, Repository
from local.gateway.tools import Tool

if TYPE_CHECKING:
    from local.gateway.github.client import Forge

_TEXT_MATCHES = "application/vnd.github.text-match+json"


class SearchCode(Paged):
    """Arguments of search_code."""

    query: str = Field(
        description=(
            "Search query (GitHub code search REST). Terms are combined with AND; a quoted phrase "
            "matches exactly. Qualifiers: repo:owner/name, org:, user:, language:, path:, filename:, "
            'extension:. Example: "def total" repo:octo/shop path:src'
        )
    )
    sort: str | None = Field(default=None, description="Sort field ('indexed' only)")
    order: Literal["asc", "desc"] | None = Field(default=None, description="Sort order for results")
    fields: list[Literal["name", "path", "sha", "repository", "text_matches"]] | None = Field(
        default=None, description="Only these fields of each result; all of them when omitted"
    )


class SearchRepositories(Paged):
    """Arguments of search_repositories."""

    query: str = Field(description="Repository search query, e.g. 'payments in:name language:python'")
    sort: Literal["stars", "forks", "help-wanted-issues", "updated"] | None = Field(
        default=None, description="Sort repositories by field, defaults to best match"
    )
    order: Literal["asc", "desc"] | None = Field(default=None, description="Sort order")
    minimal_output: bool = Field(
        default=True, description="Return the short form of each repository (default: true)"
    )


class _Found(BaseModel):
    total_count: int
    incomplete_results: bool
    items: list[JsonObject]


def tools(forge: Forge) -> list[Tool[Any]]:
    """Return the search tools."""

    async def search_code(wanted: SearchCode) -> JsonValue:
        found = await _search(forge, "/search/code", wanted, sort=wanted.sort, order=wanted.order)
        fields = [str(name) for name in wanted.fields or []]
        matches = [CodeMatch.model_validate(item) for item in found.items]
        return _page(found, [match.document(fields) for match in matches])

    async def search_repositories(wanted: SearchRepositories) -> JsonValue:
        found = await _search(forge, "/search/repositories", wanted, sort=wanted.sort, order=wanted.order)
        if not wanted.minimal_output:
            return _page(found, [dict(item) for item in found.items])
        return _page(found, [Repository.model_validate(item).document() for item in found.items])

    return [
        Tool(
            "search_code",
            "Fast and precise code search across the repositories of GitHub's search index. "
            "Best for finding exact symbols, functions, classes, or specific code patterns.",
            SearchCode,
            search_code,
        ),
        Tool(
            "search_repositories",
            "Find GitHub repositories by name, description, readme, topics, or other metadata.",
            SearchRepositories,
            search_repositories,
        ),
    ]


async def _search(
    forge: Forge, path: str, wanted: SearchCode | SearchRepositories, **ordering: str | None
) -> _Found:
    answer = await forge.send(
        "GET",
        path,
        params={"q": wanted.query, **wanted.page_parameters, **ordering},
        accept=_TEXT_MATCHES,
    )
    return _Found.model_validate_json(answer.content)


def _page(found: _Found, items: list[JsonObject]) -> JsonObject:
    return {
        "total_count": found.total_count,
        "incomplete_results": found.incomplete_results,
        "items": [dict(item) for item in items],
    }
