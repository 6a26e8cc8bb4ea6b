"""History: commits, one commit, comparisons, and the pull requests that hold a commit."""

from __future__ import annotations

from starlette.responses import PlainTextResponse, Response

from local.forge.errors import Refused, not_found
from local.forge.git.command import EMPTY_TREE
from local.forge.git.diffs import diff_text, patch_text
from local.forge.git.objects import Commit
from local.forge.shapes import commit as shapes
from local.forge.shapes.pull_request import pull_request_summary
from local.forge.web import Call, Endpoint, ok

_FILTERS = {"author": "--author", "committer": "--committer", "since": "--since", "until": "--until"}


def list_commits(call: Call) -> Response:
    """List history from a branch or commit, newest first."""
    git = call.git
    start = call.query("sha") or call.repository.default_branch
    sha = git.resolve(start)
    if sha is None:
        raise not_found()
    page, size = call.window()
    options = [f"{option}={call.query(name)}" for name, option in _FILTERS.items() if call.query(name)]
    found = git.log(sha, limit=size + 1, skip=(page - 1) * size, path=call.query("path"), options=options)
    last_page = page if len(found) <= size else max(page + 1, -(-git.count(sha) // size))
    return ok(
        [shapes.commit_summary(call.forge, call.repository, commit) for commit in found[:size]],
        headers=call.links(last_page=last_page),
    )


def get_commit(call: Call) -> Response:
    """Describe one commit with its files, or send it as a diff or a patch."""
    commit = _commit(call, call.text("ref"))
    before = commit.parents[0] if commit.parents else EMPTY_TREE
    if call.asks_for("sha"):
        return PlainTextResponse(commit.sha, media_type="application/vnd.github.sha")
    if call.asks_for("diff"):
        return Response(
            diff_text(call.git, before, commit.sha), media_type="application/vnd.github.diff; charset=utf-8"
        )
    if call.asks_for("patch"):
        patch = call.git.git("format-patch", "--stdout", "--no-signature", "--root", "-1", commit.sha)
        return Response(patch, media_type="application/vnd.github.patch; charset=utf-8")
    return ok(shapes.full_commit(call.forge, call.repository, commit))


def compare(call: Call) -> Response:
    """Compare two commits: `base...head`, as JSON, diff or patch."""
    base_name, separator, head_name = call.text("basehead").partition("...")
    if not separator:
        raise not_found()
    base, head = (_commit(call, name.rsplit(":", 1)[-1]) for name in (base_name, head_name))
    body = shapes.comparison(call.forge, call.repository, base=base, head=head, names=call.text("basehead"))
    if body is None:
        raise Refused(404, f"No common ancestor between {base_name} and {head_name}.")
    start = call.git.merge_base(base.sha, head.sha) or base.sha
    if call.asks_for("diff"):
        return Response(
            diff_text(call.git, start, head.sha), media_type="application/vnd.github.diff; charset=utf-8"
        )
    if call.asks_for("patch"):
        return Response(
            patch_text(call.git, start, head.sha), media_type="application/vnd.github.patch; charset=utf-8"
        )
    return ok(body)


def list_pulls_of_commit(call: Call) -> Response:
    """List the pull requests that a commit belongs to."""
    sha = _commit(call, call.text("ref")).sha
    git, here = call.git, call.repository.id
    found = [
        pull_request
        for pull_request in call.forge.store.pull_requests.where(lambda pull: pull.repository_id == here)
        if git.contains(pull_request.head_sha, sha) and not git.contains(pull_request.base_sha, sha)
    ]
    merged = call.forge.store.pull_requests.where(
        lambda pull: pull.repository_id == here and pull.merge_commit_sha == sha
    )
    unique = list({pull.id: pull for pull in [*found, *merged]}.values())
    return call.listing(unique, lambda pull: pull_request_summary(call.forge, pull))


def _commit(call: Call, name: str) -> Commit:
    sha = call.git.resolve(name)
    commit = call.git.commit(sha) if sha else None
    if commit is None:
        if len(name) == 40:
            raise Refused(422, f"No commit found for SHA: {name}")
        raise not_found()
    return commit


_REPOSITORY = "/repos/{owner}/{repo}"
ENDPOINTS = (
    Endpoint("GET", f"{_REPOSITORY}/commits", list_commits),
    Endpoint("GET", f"{_REPOSITORY}/commits/{{ref:path}}/pulls", list_pulls_of_commit),
    Endpoint("GET", f"{_REPOSITORY}/commits/{{ref:path}}", get_commit),
    Endpoint("GET", f"{_REPOSITORY}/compare/{{basehead:path}}", compare),
)
