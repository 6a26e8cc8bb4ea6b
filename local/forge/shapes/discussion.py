"""Comments, reviews, review comments and reactions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.forge.shapes.account import Shape, app, simple_account
from local.forge.shapes.pull_request import reactions

if TYPE_CHECKING:
    from local.forge.forge import Forge
    from local.forge.records import Comment, PullRequest, Reaction, Review, ReviewComment


def comment(forge: Forge, record: Comment) -> Shape:
    """A comment in a conversation."""
    repository = forge.repository_by_id(record.repository_id)
    issue = forge.store.issues.get(record.issue_id)
    number = issue.number if issue else 0
    kind = "pull" if issue and issue.pull_request_id is not None else "issues"
    url = forge.urls.api(repository, f"/issues/comments/{record.id}")
    through = forge.store.apps.get(record.app_id)
    return {
        "url": url,
        "html_url": forge.urls.page(repository, f"/{kind}/{number}#issuecomment-{record.id}"),
        "issue_url": forge.urls.api(repository, f"/issues/{number}"),
        "id": record.id,
        "node_id": f"IC_{record.id}",
        "user": simple_account(forge, forge.account(record.author_id)),
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        "author_association": "CONTRIBUTOR",
        "body": record.body,
        "reactions": reactions(forge, f"comment:{record.id}", url=f"{url}/reactions"),
        "performed_via_github_app": app(forge, through) if through else None,
    }


def review(forge: Forge, pull_request: PullRequest, record: Review) -> Shape:
    """A review."""
    repository = forge.repository_by_id(pull_request.repository_id)
    page = forge.urls.page(repository, f"/pull/{pull_request.number}#pullrequestreview-{record.id}")
    url = forge.urls.api(repository, f"/pulls/{pull_request.number}")
    body: Shape = {
        "id": record.id,
        "node_id": f"PRR_{record.id}",
        "user": simple_account(forge, forge.account(record.author_id)),
        "body": record.body,
        "state": record.state,
        "html_url": page,
        "pull_request_url": url,
        "_links": {"html": {"href": page}, "pull_request": {"href": url}},
        "commit_id": record.commit_sha,
        "author_association": "CONTRIBUTOR",
    }
    if record.submitted_at is not None:
        body["submitted_at"] = record.submitted_at
    return body


def review_comment(forge: Forge, pull_request: PullRequest, record: ReviewComment) -> Shape:
    """A comment on a line of the diff."""
    repository = forge.repository_by_id(pull_request.repository_id)
    url = forge.urls.api(repository, f"/pulls/comments/{record.id}")
    page = forge.urls.page(repository, f"/pull/{pull_request.number}#discussion_r{record.id}")
    pull_url = forge.urls.api(repository, f"/pulls/{pull_request.number}")
    body: Shape = {
        "url": url,
        "pull_request_review_id": record.review_id,
        "id": record.id,
        "node_id": f"PRRC_{record.id}",
        "diff_hunk": record.diff_hunk,
        "path": record.path,
        "position": record.line,
        "original_position": record.line,
        "commit_id": record.commit_sha,
        "original_commit_id": record.commit_sha,
        "user": simple_account(forge, forge.account(record.author_id)),
        "body": record.body,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        "html_url": page,
        "pull_request_url": pull_url,
        "author_association": "CONTRIBUTOR",
        "_links": {"self": {"href": url}, "html": {"href": page}, "pull_request": {"href": pull_url}},
        "start_line": record.start_line,
        "original_start_line": record.start_line,
        "start_side": "RIGHT" if record.start_line is not None else None,
        "line": record.line,
        "original_line": record.line,
        "side": record.side,
        "subject_type": "line" if record.line is not None else "file",
        "reactions": reactions(forge, f"review_comment:{record.id}", url=f"{url}/reactions"),
    }
    if record.in_reply_to_id is not None:
        body["in_reply_to_id"] = record.in_reply_to_id
    return body


def reaction(forge: Forge, record: Reaction) -> Shape:
    """One reaction."""
    return {
        "id": record.id,
        "node_id": f"REA_{record.id}",
        "user": simple_account(forge, forge.account(record.account_id)),
        "content": record.content,
        "created_at": record.created_at,
    }
