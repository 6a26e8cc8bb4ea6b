"""create_pull_request, update_pull_request, list_pull_requests and add_issue_comment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field, JsonValue

from local.gateway.github.arguments import Paged, PullRequestArguments, RepositoryArguments
from local.gateway.github.shapes import Created, PullRequest
from local.gateway.tools import Tool, ToolFailed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.double import JsonObject
    from local.gateway.github.client import Forge

PullRequestField = Literal[
    "number",
    "title",
    "body",
    "state",
    "draft",
    "merged",
    "mergeable_state",
    "html_url",
    "user",
    "labels",
    "assignees",
    "requested_reviewers",
    "merged_by",
    "head",
    "base",
    "additions",
    "deletions",
    "changed_files",
    "commits",
    "comments",
    "created_at",
    "updated_at",
    "closed_at",
    "merged_at",
]
_REVIEWERS = "GitHub usernames or ORG/team-slug team reviewers to request reviews from"

_MARK_READY = """mutation($id: ID!) {
  markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { id isDraft } }
}"""
_MARK_DRAFT = """mutation($id: ID!) {
  convertPullRequestToDraft(input: {pullRequestId: $id}) { pullRequest { id isDraft } }
}"""


class CreatePullRequest(RepositoryArguments):
    """Arguments of create_pull_request."""

    title: str = Field(description="PR title")
    head: str = Field(description="Branch containing changes")
    base: str = Field(description="Branch to merge into")
    body: str | None = Field(default=None, description="PR description")
    draft: bool | None = Field(default=None, description="Create as draft PR")
    maintainer_can_modify: bool | None = Field(default=None, description="Allow maintainer edits")
    reviewers: list[str] | None = Field(default=None, description=_REVIEWERS)


class UpdatePullRequest(PullRequestArguments):
    """Arguments of update_pull_request."""

    title: str | None = Field(default=None, description="New title")
    body: str | None = Field(default=None, description="New description")
    state: Literal["open", "closed"] | None = Field(default=None, description="New state")
    base: str | None = Field(default=None, description="New base branch name")
    draft: bool | None = Field(
        default=None, description="Mark pull request as draft (true) or ready for review (false)"
    )
    maintainer_can_modify: bool | None = Field(default=None, description="Allow maintainer edits")
    reviewers: list[str] | None = Field(default=None, description=_REVIEWERS)


class ListPullRequests(RepositoryArguments, Paged):
    """Arguments of list_pull_requests."""

    state: Literal["open", "closed", "all"] | None = Field(default=None, description="Filter by state")
    head: str | None = Field(default=None, description="Filter by head user/org and branch")
    base: str | None = Field(default=None, description="Filter by base branch")
    sort: Literal["created", "updated", "popularity", "long-running"] | None = Field(
        default=None, description="Sort by"
    )
    direction: Literal["asc", "desc"] | None = Field(default=None, description="Sort direction")
    fields: list[PullRequestField] | None = Field(
        default=None, description="Only these fields of each pull request; all of them when omitted"
    )


class AddIssueComment(RepositoryArguments):
    """Arguments of add_issue_comment."""

    issue_number: int = Field(description="Issue or pull request number to comment on or react to")
    body: str | None = Field(
        default=None, description="Comment content. Required unless reaction is provided."
    )
    comment_id: int | None = Field(
        default=None, ge=1, description="The comment to react to; omit it to react to the issue itself"
    )
    reaction: Literal["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"] | None = Field(
        default=None, description="Emoji reaction to add. Required unless body is provided."
    )


class _Draft(BaseModel):
    node_id: str
    draft: bool


def tools(forge: Forge) -> list[Tool[Any]]:
    """Return the tools for pull requests as a whole."""

    async def create_pull_request(wanted: CreatePullRequest) -> JsonValue:
        fields = {"title", "head", "base", "body", "draft", "maintainer_can_modify"}
        new = wanted.model_dump(include=fields, exclude_none=True)
        made = await forge.write("POST", f"{wanted.path_prefix}/pulls", PullRequestCreated, new)
        await _request_reviews(forge, f"{wanted.path_prefix}/pulls/{made.number}", wanted.reviewers)
        return made.document()

    async def update_pull_request(wanted: UpdatePullRequest) -> JsonValue:
        fields = {"title", "body", "state", "base", "maintainer_can_modify"}
        changes = wanted.model_dump(include=fields, exclude_none=True)
        if not changes and wanted.draft is None and not wanted.reviewers:
            raise ToolFailed("No update parameters provided; give at least one field to change.")
        if changes:
            await forge.send("PATCH", wanted.pull_path, changes)
        if wanted.draft is not None:
            await _set_draft(forge, wanted.pull_path, draft=wanted.draft)
        await _request_reviews(forge, wanted.pull_path, wanted.reviewers)
        return (await forge.get(wanted.pull_path, Created)).document()

    async def list_pull_requests(wanted: ListPullRequests) -> JsonValue:
        filters = wanted.model_dump(include={"state", "head", "base", "sort", "direction"})
        found = await forge.get(
            f"{wanted.path_prefix}/pulls", list[PullRequest], params={**filters, **wanted.page_parameters}
        )
        fields = [str(name) for name in wanted.fields or []]
        return [pull_request.document(fields) for pull_request in found]

    async def add_issue_comment(wanted: AddIssueComment) -> JsonValue:
        return await _comment(forge, wanted)

    return [
        Tool(
            "create_pull_request",
            "Create a new pull request in a GitHub repository.",
            CreatePullRequest,
            create_pull_request,
            read_only=False,
        ),
        Tool(
            "update_pull_request",
            "Update an existing pull request in a GitHub repository.",
            UpdatePullRequest,
            update_pull_request,
            read_only=False,
        ),
        Tool(
            "list_pull_requests",
            "List pull requests in a GitHub repository.",
            ListPullRequests,
            list_pull_requests,
        ),
        Tool(
            "add_issue_comment",
            "Add a comment and/or reaction to an issue, a pull request, or a comment of one. "
            "At least one of body or reaction is required.",
            AddIssueComment,
            add_issue_comment,
            read_only=False,
        ),
    ]


class PullRequestCreated(Created):
    """A pull request that was just made."""

    number: int


async def _comment(forge: Forge, wanted: AddIssueComment) -> JsonValue:
    issue = f"{wanted.path_prefix}/issues/{wanted.issue_number}"
    if wanted.body is None and wanted.reaction is None:
        raise ToolFailed("at least one of body or reaction is required")
    if wanted.body is not None and wanted.comment_id is not None:
        raise ToolFailed("comment_id cannot be combined with body; it says what to react to")
    if wanted.reaction is not None:
        on = issue
        if wanted.comment_id is not None:
            on = f"{wanted.path_prefix}/issues/comments/{wanted.comment_id}"
        await forge.send("POST", f"{on}/reactions", {"content": wanted.reaction})
    if wanted.body is None:
        return {"message": "reaction added"}
    return (await forge.write("POST", f"{issue}/comments", Created, {"body": wanted.body})).document()


async def _set_draft(forge: Forge, pull_path: str, *, draft: bool) -> None:
    """Change the draft state, which only GitHub's GraphQL API can."""
    now = await forge.get(pull_path, _Draft)
    if now.draft != draft:
        await forge.graphql(_MARK_DRAFT if draft else _MARK_READY, {"id": now.node_id})


async def _request_reviews(forge: Forge, pull_path: str, reviewers: Sequence[str] | None) -> None:
    if not reviewers:
        return
    wanted: JsonObject = {
        "reviewers": [name for name in reviewers if "/" not in name],
        "team_reviewers": [name.partition("/")[2] for name in reviewers if "/" in name],
    }
    await forge.send("POST", f"{pull_path}/requested_reviewers", wanted)
