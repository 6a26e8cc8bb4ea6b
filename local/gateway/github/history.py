"""list_branches, list_commits and get_commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, JsonValue

from local.gateway.github.arguments import Paged, RepositoryArguments
from local.gateway.github.shapes import Branch, Commit
from local.gateway.tools import Tool

if TYPE_CHECKING:
    from local.gateway.github.client import Forge


class ListBranches(RepositoryArguments, Paged):
    """Arguments of list_branches."""


class ListCommits(RepositoryArguments, Paged):
    """Arguments of list_commits."""

    sha: str | None = Field(default=None, description="Commit SHA, branch or tag name to list commits of")
    author: str | None = Field(default=None, description="Author username or email address")
    path: str | None = Field(default=None, description="Only commits containing this file path")
    since: str | None = Field(default=None, description="Only commits after this date (ISO 8601)")
    until: str | None = Field(default=None, description="Only commits before this date (ISO 8601)")
    fields: list[Literal["sha", "html_url", "commit", "author", "committer"]] | None = Field(
        default=None, description="Only these fields of each commit; all of them when omitted"
    )


class GetCommit(RepositoryArguments, Paged):
    """Arguments of get_commit."""

    sha: str = Field(description="Commit SHA, branch name, or tag name")
    detail: Literal["none", "stats", "full_patch"] = Field(
        default="stats",
        description="How much of the changed files: nothing, their line counts, or their patches too",
    )


def tools(forge: Forge) -> list[Tool[Any]]:
    """Return the tools that read branches and commits."""

    async def list_branches(wanted: ListBranches) -> JsonValue:
        path = f"{wanted.path_prefix}/branches"
        found = await forge.get(path, list[Branch], params=wanted.page_parameters)
        return [branch.document() for branch in found]

    async def list_commits(wanted: ListCommits) -> JsonValue:
        filters = wanted.model_dump(include={"sha", "author", "path", "since", "until"})
        found = await forge.get(
            f"{wanted.path_prefix}/commits", list[Commit], params={**filters, **wanted.page_parameters}
        )
        fields = [str(name) for name in wanted.fields or []]
        return [commit.document(fields) for commit in found]

    async def get_commit(wanted: GetCommit) -> JsonValue:
        path = f"{wanted.path_prefix}/commits/{wanted.sha}"
        commit = await forge.get(path, Commit, params=wanted.page_parameters)
        if wanted.detail == "none":
            commit = commit.model_copy(update={"stats": None, "files": []})
        if wanted.detail == "stats":
            files = [file.model_copy(update={"patch": ""}) for file in commit.files]
            commit = commit.model_copy(update={"files": files})
        return commit.document()

    return [
        Tool("list_branches", "List branches in a GitHub repository", ListBranches, list_branches),
        Tool(
            "list_commits",
            "Get list of commits of a branch in a GitHub repository",
            ListCommits,
            list_commits,
        ),
        Tool("get_commit", "Get details for a commit from a GitHub repository", GetCommit, get_commit),
    ]
