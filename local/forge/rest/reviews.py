"""Reviews of pull requests and comments on their lines."""

from __future__ import annotations

from dataclasses import replace

from pydantic import Field
from starlette.responses import Response

from local.forge.clock import now
from local.forge.discussions import (
    Remark,
    Verdict,
    add_review_comment,
    discard_review,
    dismiss_review,
    start_review,
    submit_review,
    the_pull_of,
)
from local.forge.errors import Refused, not_found
from local.forge.records import Review, ReviewComment
from local.forge.rest.pulls import the_pull
from local.forge.shapes import discussion as shapes
from local.forge.web import Body, Call, Endpoint, created, no_content, ok


class RemarkBody(Body):
    """A comment on a line."""

    path: str
    body: str
    line: int | None = None
    start_line: int | None = None
    position: int | None = None
    side: str = "RIGHT"

    def remark(self) -> Remark:
        """The same, as the rest of the forge knows it."""
        return Remark(
            self.body, self.path, self.line or self.position, start_line=self.start_line, side=self.side
        )


class NewReviewBody(Body):
    """A review; without an event it stays pending."""

    body: str = ""
    event: Verdict | None = None
    commit_id: str | None = None
    comments: list[RemarkBody] = Field(default_factory=list)


class SubmitBody(Body):
    """The verdict of a pending review."""

    event: Verdict
    body: str | None = None


class WordsBody(Body):
    """New words."""

    body: str


class DismissBody(Body):
    """Why a review is dismissed."""

    message: str


class NewReviewCommentBody(Body):
    """A comment on a line, or a reply to one."""

    body: str
    path: str | None = None
    line: int | None = None
    start_line: int | None = None
    side: str = "RIGHT"
    in_reply_to: int | None = None


def list_reviews(call: Call) -> Response:
    """List the reviews that the caller may see."""
    pull_request = the_pull(call)
    viewer = call.caller.account.id if call.caller else None
    found = call.forge.store.reviews.where(
        lambda review: (
            review.pull_request_id == pull_request.id
            and (review.state != "PENDING" or review.author_id == viewer)
        )
    )
    return call.listing(found, lambda review: shapes.review(call.forge, pull_request, review))


def create_review(call: Call) -> Response:
    """Review, with line comments."""
    asked, pull_request, actor = call.parse(NewReviewBody), the_pull(call), call.signed_in.account
    review = start_review(call.forge, pull_request, body=asked.body, commit_sha=asked.commit_id, actor=actor)
    try:
        for remark in asked.comments:
            add_review_comment(call.forge, pull_request, remark.remark(), review=review, actor=actor)
        if asked.event is not None:
            review = submit_review(call.forge, review, verdict=asked.event, body=None, actor=actor)
    except Refused:
        discard_review(call.forge, review)
        raise
    return ok(shapes.review(call.forge, pull_request, review))


def get_review(call: Call) -> Response:
    """Describe a review."""
    return ok(shapes.review(call.forge, the_pull(call), _review(call)))


def update_review(call: Call) -> Response:
    """Change a review's words."""
    review = call.forge.store.reviews.put(replace(_review(call), body=call.parse(WordsBody).body))
    return ok(shapes.review(call.forge, the_pull(call), review))


def delete_review(call: Call) -> Response:
    """Throw a pending review away."""
    review = _review(call)
    discard_review(call.forge, review)
    return ok(shapes.review(call.forge, the_pull(call), review))


def submit(call: Call) -> Response:
    """Publish a pending review."""
    asked, review = call.parse(SubmitBody), _review(call)
    if review.state != "PENDING":
        raise Refused(422, "Can not submit a review that is not pending")
    done = submit_review(
        call.forge, review, verdict=asked.event, body=asked.body, actor=call.signed_in.account
    )
    return ok(shapes.review(call.forge, the_pull(call), done))


def dismiss(call: Call) -> Response:
    """Dismiss a submitted review."""
    call.parse(DismissBody)
    done = dismiss_review(call.forge, _review(call), actor=call.signed_in.account)
    return ok(shapes.review(call.forge, the_pull(call), done))


def list_comments_of_review(call: Call) -> Response:
    """List the line comments of one review."""
    review, pull_request = _review(call), the_pull(call)
    found = call.forge.store.review_comments.where(lambda comment: comment.review_id == review.id)
    return call.listing(found, lambda comment: shapes.review_comment(call.forge, pull_request, comment))


def list_review_comments(call: Call) -> Response:
    """List the visible line comments of a pull request."""
    pull_request = the_pull(call)
    pending = {review.id for review in call.forge.store.reviews.where(lambda r: r.state == "PENDING")}
    found = call.forge.store.review_comments.where(
        lambda comment: comment.pull_request_id == pull_request.id and comment.review_id not in pending
    )
    return call.listing(found, lambda comment: shapes.review_comment(call.forge, pull_request, comment))


def create_review_comment(call: Call) -> Response:
    """Comment on a line, or reply."""
    asked, pull_request = call.parse(NewReviewCommentBody), the_pull(call)
    parent = call.forge.store.review_comments.get(asked.in_reply_to)
    path = parent.path if parent else asked.path
    if path is None:
        raise Refused(422, "path is missing")
    comment = add_review_comment(
        call.forge,
        pull_request,
        Remark(
            asked.body,
            path,
            parent.line if parent else asked.line,
            start_line=asked.start_line,
            side=asked.side,
        ),
        review=None,
        in_reply_to=parent,
        actor=call.signed_in.account,
    )
    return created(shapes.review_comment(call.forge, pull_request, comment))


def reply(call: Call) -> Response:
    """Reply to a line comment."""
    asked, pull_request, parent = call.parse(WordsBody), the_pull(call), _review_comment(call)
    comment = add_review_comment(
        call.forge,
        pull_request,
        Remark(asked.body, parent.path, parent.line, side=parent.side),
        review=None,
        in_reply_to=parent,
        actor=call.signed_in.account,
    )
    return created(shapes.review_comment(call.forge, pull_request, comment))


def get_review_comment(call: Call) -> Response:
    """Describe a line comment."""
    comment = _review_comment(call)
    pull_request = the_pull_of(call.forge, comment.pull_request_id)
    return ok(shapes.review_comment(call.forge, pull_request, comment))


def update_review_comment(call: Call) -> Response:
    """Change a line comment's words."""
    comment = replace(_review_comment(call), body=call.parse(WordsBody).body, updated_at=now())
    call.forge.store.review_comments.put(comment)
    return get_review_comment(call)


def delete_review_comment(call: Call) -> Response:
    """Delete a line comment."""
    call.forge.store.review_comments.delete(_review_comment(call).id)
    return no_content()


def _review(call: Call) -> Review:
    pull_request = the_pull(call)
    review = call.forge.store.reviews.get(call.number("review_id"))
    if review is None or review.pull_request_id != pull_request.id:
        raise not_found()
    return review


def _review_comment(call: Call) -> ReviewComment:
    comment = call.forge.store.review_comments.get(call.number("comment_id"))
    pull_request = the_pull_of(call.forge, comment.pull_request_id) if comment else None
    if comment is None or pull_request is None or pull_request.repository_id != call.repository.id:
        raise not_found()
    return comment


_PULLS = "/repos/{owner}/{repo}/pulls"
_ONE = f"{_PULLS}/{{number}}"
_REVIEW = f"{_ONE}/reviews/{{review_id}}"
_COMMENT = f"{_PULLS}/comments/{{comment_id}}"
_WRITE = "pull_requests"
ENDPOINTS = (
    Endpoint("GET", f"{_ONE}/reviews", list_reviews),
    Endpoint("POST", f"{_ONE}/reviews", create_review, access="write", permission=_WRITE),
    Endpoint("GET", _REVIEW, get_review),
    Endpoint("PUT", _REVIEW, update_review, access="write", permission=_WRITE),
    Endpoint("DELETE", _REVIEW, delete_review, access="write", permission=_WRITE),
    Endpoint("GET", f"{_REVIEW}/comments", list_comments_of_review),
    Endpoint("POST", f"{_REVIEW}/events", submit, access="write", permission=_WRITE),
    Endpoint("PUT", f"{_REVIEW}/dismissals", dismiss, access="write", permission=_WRITE),
    Endpoint("GET", f"{_ONE}/comments", list_review_comments),
    Endpoint("POST", f"{_ONE}/comments", create_review_comment, access="write", permission=_WRITE),
    Endpoint("POST", f"{_ONE}/comments/{{comment_id}}/replies", reply, access="write", permission=_WRITE),
    Endpoint("GET", _COMMENT, get_review_comment),
    Endpoint("PATCH", _COMMENT, update_review_comment, access="write", permission=_WRITE),
    Endpoint("DELETE", _COMMENT, delete_review_comment, access="write", permission=_WRITE),
)
