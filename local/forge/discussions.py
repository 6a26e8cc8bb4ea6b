"""What can be said about a pull request or an issue, whichever API says it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from local.forge.clock import now
from local.forge.errors import Refused, invalid, unprocessable
from local.forge.events import announce
from local.forge.git.diffs import changed_files
from local.forge.records import Comment, Issue, PullRequest, Review, ReviewComment
from local.forge.shapes import discussion as shapes
from local.forge.shapes.account import Shape
from local.forge.shapes.pull_request import issue_body, issue_of, merge_base_of, pull_request_summary

if TYPE_CHECKING:
    from local.forge.auth import Caller
    from local.forge.forge import Forge
    from local.forge.records import Account

Verdict = Literal["APPROVE", "REQUEST_CHANGES", "COMMENT"]
_STATES: dict[str, Literal["APPROVED", "CHANGES_REQUESTED", "COMMENTED"]] = {
    "APPROVE": "APPROVED",
    "REQUEST_CHANGES": "CHANGES_REQUESTED",
    "COMMENT": "COMMENTED",
}


@dataclass(frozen=True)
class Remark:
    """A comment on a line (or, without one, on a file) of a diff."""

    body: str
    path: str
    line: int | None = None
    start_line: int | None = None
    side: str = "RIGHT"


def add_comment(forge: Forge, issue: Issue, body: str, *, caller: Caller) -> Comment:
    """Add to a conversation."""
    if not body.strip():
        raise invalid("IssueComment", "body", "missing_field", "Body cannot be blank")
    moment = now()
    comment = forge.store.comments.put(
        Comment(
            id=forge.store.next_id(),
            repository_id=issue.repository_id,
            issue_id=issue.id,
            author_id=caller.account.id,
            body=body,
            created_at=moment,
            updated_at=moment,
            app_id=caller.app.id if caller.app else None,
        )
    )
    forge.store.issues.put(replace(issue, updated_at=moment))
    comment_event(forge, comment, "created", actor=caller.account)
    return comment


def edit_comment(forge: Forge, comment: Comment, body: str, *, actor: Account) -> Comment:
    """Change a comment."""
    changed = forge.store.comments.put(replace(comment, body=body, updated_at=now()))
    extra: Shape = {"changes": {"body": {"from": comment.body}}}
    comment_event(forge, changed, "edited", actor=actor, extra=extra)
    return changed


def remove_comment(forge: Forge, comment: Comment, *, actor: Account) -> None:
    """Delete a comment."""
    comment_event(forge, comment, "deleted", actor=actor)
    forge.store.comments.delete(comment.id)


def comment_event(
    forge: Forge, comment: Comment, action: str, *, actor: Account, extra: Shape | None = None
) -> None:
    """Announce something about a comment."""
    issue = forge.store.issues.get(comment.issue_id)
    payload: Shape = {
        "issue": issue_body(forge, issue) if issue else None,
        "comment": shapes.comment(forge, comment),
        **(extra or {}),
    }
    repository = forge.repository_by_id(comment.repository_id)
    announce(forge, "issue_comment", repository, payload, sender=actor, action=action)


def start_review(
    forge: Forge, pull_request: PullRequest, *, body: str, commit_sha: str | None, actor: Account
) -> Review:
    """Begin a review that only its author sees until it is submitted."""
    pending = forge.store.reviews.first(
        lambda found: (
            found.pull_request_id == pull_request.id
            and found.author_id == actor.id
            and found.state == "PENDING"
        )
    )
    if pending is not None:
        raise unprocessable("User can only have one pending review per pull request")
    return forge.store.reviews.put(
        Review(
            id=forge.store.next_id(),
            pull_request_id=pull_request.id,
            author_id=actor.id,
            body=body,
            state="PENDING",
            commit_sha=commit_sha or pull_request.head_sha,
        )
    )


def submit_review(
    forge: Forge, review: Review, *, verdict: Verdict, body: str | None, actor: Account
) -> Review:
    """Publish a review with its verdict."""
    pull_request = the_pull_of(forge, review.pull_request_id)
    is_own = issue_of(forge, pull_request).author_id == actor.id
    if is_own and verdict != "COMMENT":
        word = "approve" if verdict == "APPROVE" else "request changes on"
        raise unprocessable(f"Can not {word} your own pull request")
    text = review.body if body is None else body
    if verdict == "REQUEST_CHANGES" and not text.strip():
        raise unprocessable("Body can't be blank when requesting changes")
    submitted = forge.store.reviews.put(
        replace(review, state=_STATES[verdict], body=text, submitted_at=now())
    )
    review_event(forge, submitted, "submitted", actor=actor)
    for comment in forge.store.review_comments.where(lambda found: found.review_id == submitted.id):
        _review_comment_event(forge, pull_request, comment, actor=actor)
    return submitted


def dismiss_review(forge: Forge, review: Review, *, actor: Account) -> Review:
    """Take the weight off a submitted review."""
    if review.state == "PENDING":
        raise unprocessable("Can not dismiss a pending pull request review")
    dismissed = forge.store.reviews.put(replace(review, state="DISMISSED"))
    review_event(forge, dismissed, "dismissed", actor=actor)
    return dismissed


def discard_review(forge: Forge, review: Review) -> None:
    """Throw a pending review away with its comments."""
    if review.state != "PENDING":
        raise unprocessable("Can not delete a non-pending pull request review")
    for comment in forge.store.review_comments.where(lambda found: found.review_id == review.id):
        forge.store.review_comments.delete(comment.id)
    forge.store.reviews.delete(review.id)


def add_review_comment(
    forge: Forge,
    pull_request: PullRequest,
    remark: Remark,
    *,
    review: Review | None,
    in_reply_to: ReviewComment | None = None,
    actor: Account,
) -> ReviewComment:
    """Comment on a line of the diff; without a pending review it is visible at once."""
    git = forge.git(forge.repository_by_id(pull_request.repository_id))
    changes = changed_files(git, merge_base_of(forge, pull_request), pull_request.head_sha)
    patch = next((change.patch for change in changes if change.path == remark.path), None)
    if remark.path not in {change.path for change in changes}:
        raise invalid("PullRequestReviewComment", "path", "invalid", "path is not part of the diff")
    moment = now()
    comment = forge.store.review_comments.put(
        ReviewComment(
            id=forge.store.next_id(),
            pull_request_id=pull_request.id,
            author_id=actor.id,
            body=remark.body,
            path=remark.path,
            commit_sha=pull_request.head_sha,
            created_at=moment,
            updated_at=moment,
            diff_hunk=(patch or "").split("\n", 1)[0],
            line=remark.line,
            start_line=remark.start_line,
            side=remark.side,
            in_reply_to_id=in_reply_to.id if in_reply_to else None,
            review_id=review.id if review else None,
        )
    )
    if review is None or review.state != "PENDING":
        _review_comment_event(forge, pull_request, comment, actor=actor)
    return comment


def the_pull_of(forge: Forge, pull_request_id: int) -> PullRequest:
    """Find a pull request by its own id."""
    found = forge.store.pull_requests.get(pull_request_id)
    if found is None:
        raise Refused(404, "Not Found")
    return found


def review_event(forge: Forge, review: Review, action: str, *, actor: Account) -> None:
    """Announce something about a review."""
    pull_request = the_pull_of(forge, review.pull_request_id)
    payload: Shape = {
        "review": {**shapes.review(forge, pull_request, review), "state": review.state.lower()},
        "pull_request": pull_request_summary(forge, pull_request),
    }
    repository = forge.repository_by_id(pull_request.repository_id)
    announce(forge, "pull_request_review", repository, payload, sender=actor, action=action)


def _review_comment_event(
    forge: Forge, pull_request: PullRequest, comment: ReviewComment, *, actor: Account
) -> None:
    payload: Shape = {
        "comment": shapes.review_comment(forge, pull_request, comment),
        "pull_request": pull_request_summary(forge, pull_request),
    }
    repository = forge.repository_by_id(pull_request.repository_id)
    announce(forge, "pull_request_review_comment", repository, payload, sender=actor, action="created")
