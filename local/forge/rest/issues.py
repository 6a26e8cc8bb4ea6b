"""Issues, and the issue side of pull requests: comments, labels, reactions."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pydantic import Field
from starlette.responses import Response

from local.forge.clock import now
from local.forge.discussions import add_comment, edit_comment, remove_comment
from local.forge.errors import invalid, not_found
from local.forge.events import announce
from local.forge.pull_requests import edit_pull_request, take_number
from local.forge.records import Comment, Issue, Label
from local.forge.rest.owned import owned
from local.forge.shapes import discussion
from local.forge.shapes import pull_request as shapes
from local.forge.shapes.account import Shape
from local.forge.web import Body, Call, Endpoint, created, no_content, ok


class NewIssueBody(Body):
    """An issue to open."""

    title: str
    body: str | None = None
    labels: list[str] = Field(default_factory=list)
    assignees: list[str] = Field(default_factory=list)


class IssueBody(Body):
    """What may change in an issue."""

    title: str | None = None
    body: str | None = None
    state: Literal["open", "closed"] | None = None
    labels: list[str] | None = None
    assignees: list[str] | None = None


class WordsBody(Body):
    """A comment's text."""

    body: str


def list_issues(call: Call) -> Response:
    """List issues and pull requests, newest first; open ones unless asked otherwise."""
    here, state = call.repository.id, call.query("state") or "open"
    wanted = set((call.query("labels") or "").split(",")) - {""}
    found = call.forge.store.issues.where(
        lambda issue: (
            issue.repository_id == here and state in ("all", issue.state) and wanted <= set(issue.labels)
        )
    )
    return call.listing(found[::-1], lambda issue: shapes.issue_body(call.forge, issue))


def create_issue(call: Call) -> Response:
    """Open an issue."""
    asked, repository, moment = call.parse(NewIssueBody), call.repository, now()
    if not asked.title.strip():
        raise invalid("Issue", "title", "missing_field")
    issue = call.forge.store.issues.put(
        Issue(
            id=call.forge.store.next_id(),
            repository_id=repository.id,
            number=take_number(call.forge, repository),
            title=asked.title,
            body=asked.body,
            author_id=call.signed_in.account.id,
            created_at=moment,
            updated_at=moment,
            labels=ensure_labels(call, asked.labels),
            assignees=tuple(asked.assignees),
        )
    )
    issue_event(call, issue, "opened")
    return created(shapes.issue_body(call.forge, issue))


def get_issue(call: Call) -> Response:
    """Describe an issue."""
    return ok(shapes.issue_body(call.forge, the_issue(call)))


def update_issue(call: Call) -> Response:
    """Change an issue or the issue side of a pull request."""
    asked, issue = call.parse(IssueBody), the_issue(call)
    if asked.labels is not None:
        issue = call.forge.store.issues.put(replace(issue, labels=ensure_labels(call, asked.labels)))
    if asked.assignees is not None:
        issue = call.forge.store.issues.put(replace(issue, assignees=tuple(asked.assignees)))
    pull_request = call.forge.store.pull_requests.get(issue.pull_request_id)
    if pull_request is not None:
        edit_pull_request(
            call.forge,
            pull_request,
            title=asked.title,
            body=asked.body,
            state=asked.state,
            actor=call.signed_in.account,
        )
        return get_issue(call)
    changed = replace(
        issue,
        title=asked.title if asked.title is not None else issue.title,
        body=asked.body if asked.body is not None else issue.body,
        state=asked.state or issue.state,
        closed_at=now() if asked.state == "closed" else None if asked.state == "open" else issue.closed_at,
        updated_at=now(),
    )
    call.forge.store.issues.put(changed)
    action = {"closed": "closed", "open": "reopened"}.get(asked.state or "", "edited")
    issue_event(call, changed, action)
    return get_issue(call)


def list_comments(call: Call) -> Response:
    """List the conversation, oldest first."""
    issue, since = the_issue(call), call.query("since") or ""
    found = call.forge.store.comments.where(
        lambda comment: comment.issue_id == issue.id and comment.updated_at >= since
    )
    return call.listing(found, lambda comment: discussion.comment(call.forge, comment))


def list_all_comments(call: Call) -> Response:
    """List every conversation's comments."""
    here = call.repository.id
    found = call.forge.store.comments.where(lambda comment: comment.repository_id == here)
    return call.listing(found, lambda comment: discussion.comment(call.forge, comment))


def create_comment(call: Call) -> Response:
    """Add to the conversation."""
    comment = add_comment(call.forge, the_issue(call), call.parse(WordsBody).body, caller=call.signed_in)
    return created(discussion.comment(call.forge, comment))


def get_comment(call: Call) -> Response:
    """Describe a comment."""
    return ok(discussion.comment(call.forge, _comment(call)))


def update_comment(call: Call) -> Response:
    """Change a comment."""
    changed = edit_comment(
        call.forge, _comment(call), call.parse(WordsBody).body, actor=call.signed_in.account
    )
    return ok(discussion.comment(call.forge, changed))


def delete_comment(call: Call) -> Response:
    """Delete a comment."""
    remove_comment(call.forge, _comment(call), actor=call.signed_in.account)
    return no_content()


def the_issue(call: Call) -> Issue:
    """Find the issue in the path."""
    here, number = call.repository.id, call.number("number")
    issue = call.forge.store.issues.first(
        lambda found: found.repository_id == here and found.number == number
    )
    if issue is None:
        raise not_found()
    return issue


def _comment(call: Call) -> Comment:
    return owned(call, call.forge.store.comments.get, "comment_id")


def ensure_labels(call: Call, names: list[str]) -> tuple[str, ...]:
    """Make the labels that are not there yet."""
    here = call.repository.id
    known = {label.name for label in call.forge.store.labels.where(lambda x: x.repository_id == here)}
    for name in names:
        if name not in known:
            call.forge.store.labels.put(Label(call.forge.store.next_id(), here, name, "ededed"))
    return tuple(dict.fromkeys(names))


def issue_event(call: Call, issue: Issue, action: str) -> None:
    """Announce something about an issue, or about the pull request that it also is."""
    pull_request = call.forge.store.pull_requests.get(issue.pull_request_id)
    event = "issues" if pull_request is None else "pull_request"
    payload: Shape = (
        {"issue": shapes.issue_body(call.forge, issue)}
        if pull_request is None
        else {"number": issue.number, "pull_request": shapes.full_pull_request(call.forge, pull_request)}
    )
    announce(call.forge, event, call.repository, payload, sender=call.signed_in.account, action=action)


_REPOSITORY = "/repos/{owner}/{repo}"
_ONE = f"{_REPOSITORY}/issues/{{number}}"
_COMMENT = f"{_REPOSITORY}/issues/comments/{{comment_id}}"
_WRITE = "issues"
ENDPOINTS = (
    Endpoint("GET", f"{_REPOSITORY}/issues", list_issues),
    Endpoint("POST", f"{_REPOSITORY}/issues", create_issue, access="write", permission=_WRITE),
    Endpoint("GET", f"{_REPOSITORY}/issues/comments", list_all_comments),
    Endpoint("GET", _COMMENT, get_comment),
    Endpoint("PATCH", _COMMENT, update_comment, access="write", permission=_WRITE),
    Endpoint("DELETE", _COMMENT, delete_comment, access="write", permission=_WRITE),
    Endpoint("GET", _ONE, get_issue),
    Endpoint("PATCH", _ONE, update_issue, access="write", permission=_WRITE),
    Endpoint("GET", f"{_ONE}/comments", list_comments),
    Endpoint("POST", f"{_ONE}/comments", create_comment, access="write", permission=_WRITE),
)
