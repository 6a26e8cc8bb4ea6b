"""Pull requests: opened, changed, merged, and what is in them."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pydantic import Field
from starlette.responses import Response

from local.forge.errors import invalid, not_found, unprocessable
from local.forge.git.diffs import changed_files, diff_text, patch_text
from local.forge.pull_requests import (
    Merge,
    change_reviewers,
    edit_pull_request,
    merge_pull_request,
    open_pull_request,
    update_branch,
)
from local.forge.records import PullRequest
from local.forge.shapes import pull_request as shapes
from local.forge.shapes.commit import commit_summary, file_change
from local.forge.web import Body, Call, Endpoint, created, no_content, ok


class NewPullRequestBody(Body):
    """A pull request to open."""

    title: str
    head: str
    base: str
    body: str | None = None
    draft: bool = False


class PullRequestBody(Body):
    """What may change in a pull request."""

    title: str | None = None
    body: str | None = None
    state: Literal["open", "closed"] | None = None
    base: str | None = None


class MergeBody(Body):
    """How to merge."""

    commit_title: str | None = None
    commit_message: str | None = None
    sha: str | None = None
    merge_method: Literal["merge", "squash", "rebase"] = "merge"


class ReviewersBody(Body):
    """Whom to ask for a review."""

    reviewers: list[str] = Field(default_factory=list)


class UpdateBranchBody(Body):
    """The head that the caller expects."""

    expected_head_sha: str | None = None


def list_pulls(call: Call) -> Response:
    """List pull requests, newest first; open ones unless asked otherwise."""
    here, state = call.repository.id, call.query("state") or "open"
    head = (call.query("head") or "").rsplit(":", 1)[-1]
    base = call.query("base")
    found = [
        pull_request
        for pull_request in call.forge.store.pull_requests.where(lambda pull: pull.repository_id == here)
        if state in ("all", shapes.issue_of(call.forge, pull_request).state)
        and head in ("", pull_request.head_ref)
        and base in (None, pull_request.base_ref)
    ]
    is_ascending = call.query("direction") == "asc"
    by_update = call.query("sort") == "updated"
    found.sort(
        key=lambda pull: (shapes.issue_of(call.forge, pull).updated_at if by_update else "", pull.number),
        reverse=not is_ascending,
    )
    return call.listing(found, lambda pull: shapes.pull_request_summary(call.forge, pull))


def create_pull(call: Call) -> Response:
    """Open a pull request."""
    asked = call.parse(NewPullRequestBody)
    opened = open_pull_request(
        call.forge,
        call.repository,
        title=asked.title,
        body=asked.body,
        head=asked.head.rsplit(":", 1)[-1],
        base=asked.base,
        is_draft=asked.draft,
        actor=call.signed_in.account,
    )
    return created(shapes.full_pull_request(call.forge, opened))


def get_pull(call: Call) -> Response:
    """Describe a pull request, or send it as a diff or a patch."""
    pull_request = the_pull(call)
    if call.asks_for("diff"):
        return _as_text(call, pull_request, kind="diff")
    if call.asks_for("patch"):
        return _as_text(call, pull_request, kind="patch")
    return ok(shapes.full_pull_request(call.forge, pull_request))


def update_pull(call: Call) -> Response:
    """Change the title, body, state or base."""
    asked, pull_request = call.parse(PullRequestBody), the_pull(call)
    if asked.base is not None:
        if call.git.ref(f"refs/heads/{asked.base}") is None:
            raise invalid("PullRequest", "base", "invalid")
        base_sha = call.git.resolve(f"refs/heads/{asked.base}") or pull_request.base_sha
        pull_request = call.forge.store.pull_requests.put(
            replace(pull_request, base_ref=asked.base, base_sha=base_sha)
        )
    edit_pull_request(
        call.forge,
        pull_request,
        title=asked.title,
        body=asked.body,
        state=asked.state,
        actor=call.signed_in.account,
    )
    return ok(shapes.full_pull_request(call.forge, the_pull(call)))


def list_files(call: Call) -> Response:
    """List the changed files with their hunks."""
    pull_request = the_pull(call)
    changes = changed_files(call.git, shapes.merge_base_of(call.forge, pull_request), pull_request.head_sha)
    return call.listing(
        changes,
        lambda change: file_change(call.forge, call.repository, change, at=pull_request.head_sha),
    )


def list_commits(call: Call) -> Response:
    """List the commits, oldest first."""
    pull_request = the_pull(call)
    start = shapes.merge_base_of(call.forge, pull_request)
    commits = call.git.log(pull_request.head_sha, exclude=[start], limit=250, options=["--reverse"])
    return call.listing(commits, lambda commit: commit_summary(call.forge, call.repository, commit))


def check_merged(call: Call) -> Response:
    """Answer 204 when the pull request was merged."""
    if the_pull(call).merged_at is None:
        raise not_found()
    return no_content()


def merge(call: Call) -> Response:
    """Merge; drafts, conflicts and a moved head are refused."""
    asked = call.parse(MergeBody)
    merged = merge_pull_request(
        call.forge,
        the_pull(call),
        Merge(asked.merge_method, asked.commit_title, asked.commit_message, asked.sha),
        actor=call.signed_in.account,
    )
    body: dict[str, object] = {
        "sha": merged.merge_commit_sha,
        "merged": True,
        "message": "Pull Request successfully merged",
    }
    return ok(body)


def update_pull_branch(call: Call) -> Response:
    """Merge the base into the head."""
    asked, pull_request = call.parse(UpdateBranchBody), the_pull(call)
    if asked.expected_head_sha not in (None, pull_request.head_sha):
        raise unprocessable("expected head sha didn't match current head ref.")
    update_branch(call.forge, pull_request, actor=call.signed_in.account)
    url = call.forge.urls.page(call.repository, f"/pull/{pull_request.number}")
    return ok({"message": "Updating pull request branch.", "url": url}, status=202)


def list_reviewers(call: Call) -> Response:
    """List whom a review was asked of."""
    pull_request = the_pull(call)
    return ok({"users": shapes.accounts(call.forge, pull_request.reviewers), "teams": []})


def request_reviewers(call: Call) -> Response:
    """Ask people for a review."""
    asked, pull_request = call.parse(ReviewersBody), the_pull(call)
    unknown = [login for login in asked.reviewers if call.forge.find_account(login) is None]
    if unknown:
        raise unprocessable(
            "Reviews may only be requested from collaborators. One or more of the users or teams you"
            f" specified is not a collaborator of the {call.repository.full_name} repository."
        )
    changed = change_reviewers(
        call.forge, pull_request, add=asked.reviewers, remove=[], actor=call.signed_in.account
    )
    return created(shapes.pull_request_summary(call.forge, changed))


def remove_reviewers(call: Call) -> Response:
    """Take back a request for a review."""
    asked, pull_request = call.parse(ReviewersBody), the_pull(call)
    changed = change_reviewers(
        call.forge, pull_request, add=[], remove=asked.reviewers, actor=call.signed_in.account
    )
    return ok(shapes.pull_request_summary(call.forge, changed))


def get_diff_page(call: Call) -> Response:
    """Serve `pull/N.diff`, the address in `diff_url`."""
    return _as_text(call, the_pull(call), kind="diff")


def get_patch_page(call: Call) -> Response:
    """Serve `pull/N.patch`, the address in `patch_url`."""
    return _as_text(call, the_pull(call), kind="patch")


def the_pull(call: Call) -> PullRequest:
    """Find the pull request in the path."""
    here, number = call.repository.id, call.number("number")
    found = call.forge.store.pull_requests.first(
        lambda pull: pull.repository_id == here and pull.number == number
    )
    if found is None:
        raise not_found()
    return found


def _as_text(call: Call, pull_request: PullRequest, *, kind: Literal["diff", "patch"]) -> Response:
    start = shapes.merge_base_of(call.forge, pull_request)
    write = {"diff": diff_text, "patch": patch_text}[kind]
    return Response(write(call.git, start, pull_request.head_sha), media_type="text/plain; charset=utf-8")


_PULLS = "/repos/{owner}/{repo}/pulls"
_ONE = f"{_PULLS}/{{number}}"
_WRITE = "pull_requests"
ENDPOINTS = (
    Endpoint("GET", _PULLS, list_pulls),
    Endpoint("POST", _PULLS, create_pull, access="write", permission=_WRITE),
    Endpoint("GET", _ONE, get_pull),
    Endpoint("PATCH", _ONE, update_pull, access="write", permission=_WRITE),
    Endpoint("GET", f"{_ONE}/files", list_files),
    Endpoint("GET", f"{_ONE}/commits", list_commits),
    Endpoint("GET", f"{_ONE}/merge", check_merged),
    Endpoint("PUT", f"{_ONE}/merge", merge, access="write", permission="contents"),
    Endpoint("PUT", f"{_ONE}/update-branch", update_pull_branch, access="write", permission="contents"),
    Endpoint("GET", f"{_ONE}/requested_reviewers", list_reviewers),
    Endpoint("POST", f"{_ONE}/requested_reviewers", request_reviewers, access="write", permission=_WRITE),
    Endpoint("DELETE", f"{_ONE}/requested_reviewers", remove_reviewers, access="write", permission=_WRITE),
)
TEXT_ENDPOINTS = (
    Endpoint("GET", "/{owner}/{repo}/pull/{number}.diff", get_diff_page),
    Endpoint("GET", "/{owner}/{repo}/pull/{number}.patch", get_patch_page),
)
