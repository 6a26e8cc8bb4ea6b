"""The page of a pull request: what it changes, what was said, and whether its checks passed."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from starlette.responses import Response

from local.forge.errors import not_found
from local.forge.git.diffs import changed_files
from local.forge.pages.markup import box, diff, link, page, rows, verdict
from local.forge.pages.prose import prose
from local.forge.pages.repository import trail
from local.forge.rest.pulls import the_pull
from local.forge.shapes.commit import line_counts
from local.forge.shapes.pull_request import issue_of, merge_base_of
from local.forge.web import Call, Endpoint

if TYPE_CHECKING:
    from local.forge.forge import Forge
    from local.forge.records import Issue, PullRequest


def show_pull_request(call: Call) -> Response:
    """Show a pull request."""
    forge, pull_request = call.forge, the_pull(call)
    issue = issue_of(forge, pull_request)
    author = forge.account(issue.author_id).login
    state = "merged" if pull_request.merged_at else "draft" if pull_request.is_draft else issue.state
    body = (
        f"<h1>{escape(issue.title)} <small>#{issue.number}</small></h1>"
        f'<p><span class="tag">{state}</span> {escape(author)} wants to merge '
        f"<code>{escape(pull_request.head_ref)}</code> into <code>{escape(pull_request.base_ref)}</code></p>"
        f"{_said(author, issue.created_at, issue.body or '_No description._')}"
        f"<h2>Checks</h2>{_checks(forge, pull_request)}"
        f"<h2>Commits</h2>{_commits(forge, pull_request)}"
        f"<h2>Conversation</h2>{_conversation(forge, pull_request, issue)}"
        f"<h2>Changes</h2>{_changes(forge, pull_request)}"
    )
    return page(
        f"{issue.title} #{issue.number}", body, trail=trail(forge, call.repository, f"#{issue.number}")
    )


def show_issue(call: Call) -> Response:
    """Show an issue with its conversation."""
    here, number = call.repository.id, call.number("number")
    issue = call.forge.store.issues.first(lambda found: (found.repository_id, found.number) == (here, number))
    if issue is None:
        raise not_found()
    if issue.pull_request_id is not None:
        return show_pull_request(call)
    body = (
        f"<h1>{escape(issue.title)} <small>#{issue.number}</small></h1>"
        f'<p><span class="tag">{issue.state}</span></p>'
        f"{_said(call.forge.account(issue.author_id).login, issue.created_at, issue.body or '')}"
        f"{_conversation(call.forge, None, issue)}"
    )
    return page(issue.title, body, trail=trail(call.forge, call.repository, f"#{issue.number}"))


def _checks(forge: Forge, pull_request: PullRequest) -> str:
    found = forge.store.check_runs.where(
        lambda run: (run.repository_id, run.head_sha) == (pull_request.repository_id, pull_request.head_sha)
    )
    latest = {(run.suite_id, run.name): run for run in found}.values()
    return rows(
        [f"{verdict(run.status, run.conclusion)} {link(run.details_url or '#', run.name)}" for run in latest],
        otherwise="none for the latest commit",
    )


def _commits(forge: Forge, pull_request: PullRequest) -> str:
    repository = forge.repository_by_id(pull_request.repository_id)
    start = merge_base_of(forge, pull_request)
    commits = forge.git(repository).log(
        pull_request.head_sha, exclude=[start], limit=100, options=["--reverse"]
    )
    items = []
    for commit in commits:
        subject, _, rest = commit.message.partition("\n")
        url = forge.urls.page(repository, f"/commit/{commit.sha}")
        trailer = f"<pre class=soft>{escape(rest.strip())}</pre>" if rest.strip() else ""
        items.append(f"{link(url, subject)} <code class=soft>{commit.sha[:7]}</code>{trailer}")
    return rows(items)


def _conversation(forge: Forge, pull_request: PullRequest | None, issue: Issue) -> str:
    said = [
        (found.created_at, forge.account(found.author_id).login, "", found.body, f"issuecomment-{found.id}")
        for found in forge.store.comments.where(lambda found: found.issue_id == issue.id)
    ]
    if pull_request is not None:
        said += [
            (
                found.submitted_at,
                forge.account(found.author_id).login,
                found.state.replace("_", " ").lower(),
                found.body,
                f"pullrequestreview-{found.id}",
            )
            for found in forge.store.reviews.where(lambda found: found.pull_request_id == pull_request.id)
            if found.submitted_at is not None
        ]
        said += [
            (
                found.created_at,
                forge.account(found.author_id).login,
                f"on {found.path}:{found.line or ''}",
                found.body,
                f"discussion_r{found.id}",
            )
            for found in forge.store.review_comments.where(
                lambda found: found.pull_request_id == pull_request.id
            )
        ]
    shown = [
        f'<div id="{anchor}">{_said(f"{who} {how}".strip(), when, text)}</div>'
        for when, who, how, text, anchor in sorted(said)
    ]
    return "".join(shown) or "<p class=soft>Nothing yet.</p>"


def _said(who: str, when: str, text: str) -> str:
    return box(f"{escape(who)} · {escape(when)}", f"<div>{prose(text)}</div>")


def _changes(forge: Forge, pull_request: PullRequest) -> str:
    git = forge.git(forge.repository_by_id(pull_request.repository_id))
    changes = changed_files(git, merge_base_of(forge, pull_request), pull_request.head_sha)
    additions, deletions = line_counts(changes)
    files = "".join(
        box(
            f"{escape(change.path)} <span class=good>+{change.additions}</span>"
            f" <span class=bad>-{change.deletions}</span> {change.status}",
            diff(change.patch) if change.patch else "",
        )
        for change in changes
    )
    return f"<p class=soft>{len(changes)} files, +{additions} -{deletions}</p>{files}"


_PULL = "/{owner}/{repo}/pull/{number}"
ENDPOINTS = (
    Endpoint("GET", _PULL, show_pull_request),
    Endpoint("GET", f"{_PULL}/files", show_pull_request),
    Endpoint("GET", f"{_PULL}/commits", show_pull_request),
    Endpoint("GET", f"{_PULL}/checks", show_pull_request),
    Endpoint("GET", "/{owner}/{repo}/issues/{number}", show_issue),
)
