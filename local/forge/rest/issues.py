"""Issues, and the issue side of pull requests: comments, labels, reactions."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Literal

from pydantic import Field
from starlette.responses import Response

from local.forge.clock import now
from local.forge.discussions import add_comment, edit_comment, remove_comment
from local.forge.errors import Refused, invalid, not_found
from local.forge.events import announce
from local.forge.pull_requests import edit_pull_request, take_number
from local.forge.records import Comment, Issue, Label, Reaction
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


class LabelsBody(Body):
    """Label names."""

    labels: list[str] = Field(default_factory=list)


class NewLabelBody(Body):
    """A label to make."""

    name: str
    color: str = "ededed"
    description: str | None = None


class ReactionBody(Body):
    """A reaction."""

    content: Literal["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"]


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
            labels=_ensure_labels(call, asked.labels),
            assignees=tuple(asked.assignees),
        )
    )
    _issue_event(call, issue, "opened")
    return created(shapes.issue_body(call.forge, issue))


def get_issue(call: Call) -> Response:
    """Describe an issue."""
    return ok(shapes.issue_body(call.forge, _issue(call)))


def update_issue(call: Call) -> Response:
    """Change an issue or the issue side of a pull request."""
    asked, issue = call.parse(IssueBody), _issue(call)
    if asked.labels is not None:
        issue = call.forge.store.issues.put(replace(issue, labels=_ensure_labels(call, asked.labels)))
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
    _issue_event(call, changed, action)
    return get_issue(call)


def list_comments(call: Call) -> Response:
    """List the conversation, oldest first."""
    issue, since = _issue(call), call.query("since") or ""
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
    comment = add_comment(call.forge, _issue(call), call.parse(WordsBody).body, caller=call.signed_in)
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


def list_repository_labels(call: Call) -> Response:
    """List the labels of a repository."""
    here = call.repository.id
    found = call.forge.store.labels.where(lambda label: label.repository_id == here)
    return call.listing(found, lambda label: shapes.label(call.forge, call.repository, label))


def create_label(call: Call) -> Response:
    """Make a label."""
    asked, here = call.parse(NewLabelBody), call.repository.id
    if any(
        label.name == asked.name for label in call.forge.store.labels.where(lambda x: x.repository_id == here)
    ):
        raise invalid("Label", "name", "already_exists")
    label = call.forge.store.labels.put(
        Label(call.forge.store.next_id(), here, asked.name, asked.color, asked.description)
    )
    return created(shapes.label(call.forge, call.repository, label))


def get_label(call: Call) -> Response:
    """Describe a label."""
    here, name = call.repository.id, call.text("name")
    label = call.forge.store.labels.first(lambda x: x.repository_id == here and x.name == name)
    if label is None:
        raise not_found()
    return ok(shapes.label(call.forge, call.repository, label))


def list_labels(call: Call) -> Response:
    """List the labels of an issue."""
    return ok(shapes.labels(call.forge, call.repository, _issue(call).labels))


def add_labels(call: Call) -> Response:
    """Label an issue; a bare list is accepted too, as GitHub does."""
    issue = _issue(call)
    names = _label_names(call)
    for name in names:
        if name not in issue.labels:
            issue = replace(issue, labels=(*issue.labels, *_ensure_labels(call, [name])))
            _issue_event(call, call.forge.store.issues.put(issue), "labeled")
    return list_labels(call)


def set_labels(call: Call) -> Response:
    """Replace an issue's labels."""
    issue = replace(_issue(call), labels=_ensure_labels(call, _label_names(call)))
    call.forge.store.issues.put(issue)
    return list_labels(call)


def remove_label(call: Call) -> Response:
    """Take a label off an issue."""
    issue, name = _issue(call), call.text("name")
    if name not in issue.labels:
        raise Refused(404, "Label does not exist")
    issue = replace(issue, labels=tuple(label for label in issue.labels if label != name))
    _issue_event(call, call.forge.store.issues.put(issue), "unlabeled")
    return list_labels(call)


def list_reactions(call: Call) -> Response:
    """List the reactions to an issue or a comment."""
    subject = _subject(call)
    found = call.forge.store.reactions.where(lambda reaction: reaction.subject == subject)
    return call.listing(found, lambda reaction: discussion.reaction(call.forge, reaction))


def create_reaction(call: Call) -> Response:
    """React; the same reaction twice is one."""
    content, subject = call.parse(ReactionBody).content, _subject(call)
    actor = call.signed_in.account
    existing = call.forge.store.reactions.first(
        lambda reaction: (
            (reaction.subject, reaction.account_id, reaction.content) == (subject, actor.id, content)
        )
    )
    reaction = existing or call.forge.store.reactions.put(
        Reaction(call.forge.store.next_id(), subject, actor.id, content, now())
    )
    return ok(discussion.reaction(call.forge, reaction), status=200 if existing else 201)


def delete_reaction(call: Call) -> Response:
    """Take a reaction back."""
    reaction = call.forge.store.reactions.get(call.number("reaction_id"))
    if reaction is None or reaction.subject != _subject(call):
        raise not_found()
    call.forge.store.reactions.delete(reaction.id)
    return no_content()


def _issue(call: Call) -> Issue:
    here, number = call.repository.id, call.number("number")
    issue = call.forge.store.issues.first(
        lambda found: found.repository_id == here and found.number == number
    )
    if issue is None:
        raise not_found()
    return issue


def _comment(call: Call) -> Comment:
    comment = call.forge.store.comments.get(call.number("comment_id"))
    if comment is None or comment.repository_id != call.repository.id:
        raise not_found()
    return comment


def _subject(call: Call) -> str:
    if "comment_id" in call.request.path_params:
        kind = "review_comment" if "/pulls/comments/" in call.request.url.path else "comment"
        return f"{kind}:{call.number('comment_id')}"
    return f"issue:{_issue(call).id}"


def _label_names(call: Call) -> list[str]:
    try:
        raw = json.loads(call.body or b"{}")
    except ValueError as error:
        raise Refused(400, "Problems parsing JSON") from error
    return [str(name) for name in raw] if isinstance(raw, list) else call.parse(LabelsBody).labels


def _ensure_labels(call: Call, names: list[str]) -> tuple[str, ...]:
    here = call.repository.id
    known = {label.name for label in call.forge.store.labels.where(lambda x: x.repository_id == here)}
    for name in names:
        if name not in known:
            call.forge.store.labels.put(Label(call.forge.store.next_id(), here, name, "ededed"))
    return tuple(dict.fromkeys(names))


def _issue_event(call: Call, issue: Issue, action: str) -> None:
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
    Endpoint("GET", f"{_ONE}/labels", list_labels),
    Endpoint("POST", f"{_ONE}/labels", add_labels, access="write", permission=_WRITE),
    Endpoint("PUT", f"{_ONE}/labels", set_labels, access="write", permission=_WRITE),
    Endpoint("DELETE", f"{_ONE}/labels/{{name}}", remove_label, access="write", permission=_WRITE),
    Endpoint("GET", f"{_REPOSITORY}/labels", list_repository_labels),
    Endpoint("POST", f"{_REPOSITORY}/labels", create_label, access="write", permission=_WRITE),
    Endpoint("GET", f"{_REPOSITORY}/labels/{{name}}", get_label),
    *(
        endpoint
        for subject in (_ONE, _COMMENT, f"{_REPOSITORY}/pulls/comments/{{comment_id}}")
        for endpoint in (
            Endpoint("GET", f"{subject}/reactions", list_reactions),
            Endpoint("POST", f"{subject}/reactions", create_reaction, access="write", permission=_WRITE),
            Endpoint(
                "DELETE",
                f"{subject}/reactions/{{reaction_id}}",
                delete_reaction,
                access="write",
                permission=_WRITE,
            ),
        )
    ),
)
