"""pull_request_read and pull_request_review_write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field, JsonValue

from local.gateway.github.arguments import Paged, PullRequestArguments
from local.gateway.github.shapes import (
    ChangedFile,
    CheckRuns,
    CombinedStatus,
    Comment,
    PullRequest,
    PullRequestCommit,
    Review,
)
from local.gateway.tools import Tool, ToolFailed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from local.gateway.github.client import Forge

_THREADS = """query($owner: String!, $repo: String!, $number: Int!, $first: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      reviewThreads(first: $first, after: $after) {
        nodes {
          id isResolved isOutdated isCollapsed
          comments(first: 100) {
            totalCount
            nodes { id body path line url author { login } createdAt updatedAt }
          }
        }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        totalCount
      }
    }
  }
}"""
_RESOLVE = """mutation($id: ID!) {
  resolveReviewThread(input: {threadId: $id}) { thread { id isResolved } }
}"""
_UNRESOLVE = """mutation($id: ID!) {
  unresolveReviewThread(input: {threadId: $id}) { thread { id isResolved } }
}"""
_DIFF = "application/vnd.github.diff"


class PullRequestRead(PullRequestArguments, Paged):
    """Arguments of pull_request_read."""

    method: Literal[
        "get",
        "get_diff",
        "get_status",
        "get_files",
        "get_commits",
        "get_review_comments",
        "get_reviews",
        "get_comments",
        "get_check_runs",
    ] = Field(
        description=(
            "What to read: get (details), get_diff, get_status (combined commit status of the head), "
            "get_files, get_commits, get_review_comments (threads on the code), get_reviews, "
            "get_comments (the conversation), get_check_runs (CI jobs of the head)"
        )
    )
    after: str | None = Field(
        default=None, description="Cursor of get_review_comments: the endCursor of the page before"
    )


class ReviewWrite(PullRequestArguments):
    """Arguments of pull_request_review_write."""

    method: Literal["create", "submit_pending", "delete_pending", "resolve_thread", "unresolve_thread"] = (
        Field(description="The write operation to perform on pull request review")
    )
    body: str | None = Field(default=None, description="Review comment text")
    event: Literal["APPROVE", "REQUEST_CHANGES", "COMMENT"] | None = Field(
        default=None, description="Review action; a review created without one stays pending"
    )
    commitID: str | None = Field(default=None, description="SHA of commit to review")
    threadId: str | None = Field(
        default=None, description="Node id of the thread; resolve_thread and unresolve_thread need it"
    )


class _Head(BaseModel):
    sha: str


class _PullRequestHead(BaseModel):
    head: _Head


class _PageInfo(BaseModel):
    hasNextPage: bool
    hasPreviousPage: bool = False
    startCursor: str | None = None
    endCursor: str | None = None


class _ThreadComments(BaseModel):
    totalCount: int = 0
    nodes: list[dict[str, JsonValue]] = Field(default_factory=list)


class _Thread(BaseModel):
    id: str
    isResolved: bool
    isOutdated: bool = False
    isCollapsed: bool = False
    comments: _ThreadComments


class _Threads(BaseModel):
    nodes: list[_Thread]
    pageInfo: _PageInfo
    totalCount: int


class _ThreadedPullRequest(BaseModel):
    reviewThreads: _Threads


class _ThreadedRepository(BaseModel):
    pullRequest: _ThreadedPullRequest


class _ThreadsAnswer(BaseModel):
    repository: _ThreadedRepository


def tools(forge: Forge) -> list[Tool[Any]]:
    """Return the tools that read a pull request in depth, and review it."""
    reader = _Reader(forge)

    async def pull_request_read(wanted: PullRequestRead) -> JsonValue:
        return await reader.methods[wanted.method](wanted)

    async def pull_request_review_write(wanted: ReviewWrite) -> JsonValue:
        return await _write_review(forge, wanted)

    return [
        Tool(
            "pull_request_read",
            "Get information on a specific pull request in GitHub repository.",
            PullRequestRead,
            pull_request_read,
        ),
        Tool(
            "pull_request_review_write",
            "Create and/or submit, delete review of a pull request; resolve its threads.",
            ReviewWrite,
            pull_request_review_write,
            read_only=False,
        ),
    ]


class _Reader:
    """One method of pull_request_read each."""

    def __init__(self, forge: Forge) -> None:
        self._forge = forge
        self.methods: dict[str, Callable[[PullRequestRead], Awaitable[JsonValue]]] = {
            "get": self.get,
            "get_diff": self.diff,
            "get_status": self.status,
            "get_files": self.files,
            "get_commits": self.commits,
            "get_review_comments": self.review_comments,
            "get_reviews": self.reviews,
            "get_comments": self.comments,
            "get_check_runs": self.check_runs,
        }

    async def get(self, wanted: PullRequestRead) -> JsonValue:
        return (await self._forge.get(wanted.pull_path, PullRequest)).document()

    async def diff(self, wanted: PullRequestRead) -> JsonValue:
        return await self._forge.text(wanted.pull_path, accept=_DIFF)

    async def status(self, wanted: PullRequestRead) -> JsonValue:
        path = f"{wanted.path_prefix}/commits/{await self._head(wanted)}/status"
        return (await self._forge.get(path, CombinedStatus)).document()

    async def files(self, wanted: PullRequestRead) -> JsonValue:
        path = f"{wanted.pull_path}/files"
        found = await self._forge.get(path, list[ChangedFile], params=wanted.page_parameters)
        return [file.document() for file in found]

    async def commits(self, wanted: PullRequestRead) -> JsonValue:
        path = f"{wanted.pull_path}/commits"
        found = await self._forge.get(path, list[PullRequestCommit], params=wanted.page_parameters)
        return [commit.document() for commit in found]

    async def reviews(self, wanted: PullRequestRead) -> JsonValue:
        path = f"{wanted.pull_path}/reviews"
        found = await self._forge.get(path, list[Review], params=wanted.page_parameters)
        return [review.document() for review in found]

    async def comments(self, wanted: PullRequestRead) -> JsonValue:
        path = f"{wanted.path_prefix}/issues/{wanted.pullNumber}/comments"
        found = await self._forge.get(path, list[Comment], params=wanted.page_parameters)
        return [comment.document() for comment in found]

    async def check_runs(self, wanted: PullRequestRead) -> JsonValue:
        path = f"{wanted.path_prefix}/commits/{await self._head(wanted)}/check-runs"
        found = await self._forge.get(path, CheckRuns, params=wanted.page_parameters)
        runs: list[JsonValue] = [run.document() for run in found.check_runs]
        return {"total_count": found.total_count, "check_runs": runs}

    async def review_comments(self, wanted: PullRequestRead) -> JsonValue:
        data = await self._forge.graphql(
            _THREADS,
            {
                "owner": wanted.owner,
                "repo": wanted.repo,
                "number": wanted.pullNumber,
                "first": wanted.perPage or 30,
                "after": wanted.after,
            },
        )
        threads = _ThreadsAnswer.model_validate(data).repository.pullRequest.reviewThreads
        return {
            "review_threads": [thread.model_dump(mode="json") for thread in threads.nodes],
            "totalCount": threads.totalCount,
            "pageInfo": threads.pageInfo.model_dump(mode="json", exclude_none=True),
        }

    async def _head(self, wanted: PullRequestRead) -> str:
        return (await self._forge.get(wanted.pull_path, _PullRequestHead)).head.sha


async def _write_review(forge: Forge, wanted: ReviewWrite) -> str:
    reviews = f"{wanted.pull_path}/reviews"
    match wanted.method:
        case "create":
            new = {"body": wanted.body, "event": wanted.event, "commit_id": wanted.commitID}
            await forge.send("POST", reviews, {k: v for k, v in new.items() if v is not None})
            return (
                "pull request review submitted successfully"
                if wanted.event
                else "pending pull request created"
            )
        case "submit_pending":
            done = {"body": wanted.body, "event": wanted.event or "COMMENT"}
            path = f"{reviews}/{await _pending(forge, reviews)}/events"
            await forge.send("POST", path, {k: v for k, v in done.items() if v is not None})
            return "pending pull request review successfully submitted"
        case "delete_pending":
            await forge.send("DELETE", f"{reviews}/{await _pending(forge, reviews)}")
            return "pending pull request review successfully deleted"
        case "resolve_thread" | "unresolve_thread":
            if not wanted.threadId:
                raise ToolFailed(f"missing required parameter: threadId (method {wanted.method} needs it)")
            query = _RESOLVE if wanted.method == "resolve_thread" else _UNRESOLVE
            await forge.graphql(query, {"id": wanted.threadId})
            return f"review thread {wanted.method.removesuffix('_thread')}d successfully"


async def _pending(forge: Forge, reviews: str) -> int:
    """Return the caller's pending review; nobody else's can be seen."""
    for review in await forge.get(reviews, list[Review]):
        if review.state == "PENDING":
            return review.id
    raise ToolFailed("no pending review of this pull request exists; create one first")
