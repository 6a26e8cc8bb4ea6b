"""`POST /graphql`: queries about pull requests, and the mutations that REST does not have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from graphql import GraphQLResolveInfo, GraphQLSchema, build_schema, graphql_sync
from pydantic import Field
from starlette.responses import Response

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
from local.forge.errors import Refused
from local.forge.graphql import nodes
from local.forge.graphql.nodes import Node
from local.forge.graphql.schema import SCHEMA
from local.forge.pull_requests import set_draft
from local.forge.records import PullRequest, Review, ReviewComment
from local.forge.web import Body, Call, Endpoint, ok

Input = Mapping[str, object]
RecordT = TypeVar("RecordT")
_VERDICTS: dict[str, Verdict] = {
    "APPROVE": "APPROVE",
    "REQUEST_CHANGES": "REQUEST_CHANGES",
    "COMMENT": "COMMENT",
}


class GraphQLBody(Body):
    """A GraphQL request."""

    query: str
    variables: dict[str, object] | None = None
    operation_name: str | None = Field(default=None, alias="operationName")


def answer(call: Call) -> Response:
    """Answer exactly the selected fields; errors come beside the data, with status 200."""
    asked = call.parse(GraphQLBody)
    result = graphql_sync(
        _schema(),
        asked.query,
        root_value=Root(call),
        variable_values=asked.variables,
        operation_name=asked.operation_name,
    )
    body: dict[str, object] = {"data": result.data}
    if result.errors:
        body["errors"] = [{"type": "UNPROCESSABLE", **error.formatted} for error in result.errors]
    return ok(body)


def _maybe(record: RecordT | None, node: Callable[[RecordT], Node]) -> Node | None:
    return None if record is None else node(record)


@dataclass(frozen=True)
class Root:
    """The resolvers, for one call."""

    call: Call

    def viewer(self, _: GraphQLResolveInfo) -> Node:
        """The caller."""
        return {**nodes.actor(self.call.forge, self.call.signed_in.account), "__typename": "User"}

    def node(self, _: GraphQLResolveInfo, id: str) -> Node:
        """Anything, by its id."""
        kind, __, number = id.rpartition("_")
        forge, record_id = self.call.forge, int(number) if number.isdecimal() else 0
        lookups: dict[str, Callable[[], Node | None]] = {
            "PR": lambda: _maybe(
                forge.store.pull_requests.get(record_id), lambda x: nodes.pull_request(forge, x)
            ),
            "PRR": lambda: _maybe(forge.store.reviews.get(record_id), lambda x: nodes.review(forge, x)),
            "PRRT": lambda: _maybe(
                forge.store.review_comments.get(record_id), lambda x: nodes.thread(forge, x)
            ),
            "R": lambda: _maybe(
                forge.store.repositories.get(record_id), lambda x: nodes.repository(forge, x)
            ),
            "U": lambda: _maybe(forge.store.accounts.get(record_id), lambda x: nodes.actor(forge, x)),
        }
        found = lookups.get(kind, lambda: None)()
        if found is None:
            raise LookupError(f"Could not resolve to a node with the global id of '{id}'")
        return found

    def repository(self, _: GraphQLResolveInfo, owner: str, name: str, **__: object) -> Node:
        """A repository by name."""
        found = self.call.forge.find_repository(owner, name)
        if found is None:
            raise LookupError(f"Could not resolve to a Repository with the name '{owner}/{name}'.")
        return nodes.repository(self.call.forge, found)

    def markPullRequestReadyForReview(self, _: GraphQLResolveInfo, input: Input) -> Node:
        """Take the draft mark off."""
        return self._set_draft(input, is_draft=False)

    def convertPullRequestToDraft(self, _: GraphQLResolveInfo, input: Input) -> Node:
        """Put the draft mark on."""
        return self._set_draft(input, is_draft=True)

    def addPullRequestReview(self, _: GraphQLResolveInfo, input: Input) -> Node:
        """Begin a review, and publish it when it comes with a verdict."""
        pull_request = self._pull(input["pullRequestId"])
        actor = self.call.signed_in.account
        review = start_review(
            self.call.forge,
            pull_request,
            body=str(input.get("body") or ""),
            commit_sha=_text(input.get("commitOID")),
            actor=actor,
        )
        event = _text(input.get("event"))
        if event is not None:
            try:
                review = submit_review(
                    self.call.forge, review, verdict=_VERDICTS[event], body=None, actor=actor
                )
            except Refused:
                discard_review(self.call.forge, review)
                raise
        return self._review_payload(review, input)

    def submitPullRequestReview(self, _: GraphQLResolveInfo, input: Input) -> Node:
        """Publish a pending review."""
        review, actor = self._review(input), self.call.signed_in.account
        event = str(input["event"])
        if event == "DISMISS":
            return self._review_payload(dismiss_review(self.call.forge, review, actor=actor), input)
        done = submit_review(
            self.call.forge, review, verdict=_VERDICTS[event], body=_text(input.get("body")), actor=actor
        )
        return self._review_payload(done, input)

    def deletePullRequestReview(self, _: GraphQLResolveInfo, input: Input) -> Node:
        """Throw a pending review away."""
        review = self._review(input)
        discard_review(self.call.forge, review)
        return self._review_payload(review, input)

    def addPullRequestReviewThread(self, _: GraphQLResolveInfo, input: Input) -> Node:
        """Comment on a line within a pending review."""
        review = self._review(input)
        pull_request = the_pull_of(self.call.forge, review.pull_request_id)
        line, start = input.get("line"), input.get("startLine")
        remark = Remark(
            body=str(input["body"]),
            path=str(input["path"]),
            line=line if isinstance(line, int) else None,
            start_line=start if isinstance(start, int) else None,
            side=str(input.get("side") or "RIGHT"),
        )
        comment = add_review_comment(
            self.call.forge, pull_request, remark, review=review, actor=self.call.signed_in.account
        )
        return self._thread_payload(comment, input)

    def resolveReviewThread(self, _: GraphQLResolveInfo, input: Input) -> Node:
        """Mark a thread as resolved."""
        return self._set_resolved(input, is_resolved=True)

    def unresolveReviewThread(self, _: GraphQLResolveInfo, input: Input) -> Node:
        """Open a thread again."""
        return self._set_resolved(input, is_resolved=False)

    def _set_draft(self, given: Input, *, is_draft: bool) -> Node:
        pull_request = self._pull(given["pullRequestId"])
        changed = set_draft(
            self.call.forge, pull_request, is_draft=is_draft, actor=self.call.signed_in.account
        )
        return {
            "clientMutationId": given.get("clientMutationId"),
            "pullRequest": nodes.pull_request(self.call.forge, changed),
        }

    def _set_resolved(self, given: Input, *, is_resolved: bool) -> Node:
        root = self.call.forge.store.review_comments.get(_number(given["threadId"], prefix="PRRT_"))
        if root is None:
            raise LookupError(f"Could not resolve to a node with the global id of '{given['threadId']}'")
        self._check_may_write(the_pull_of(self.call.forge, root.pull_request_id))
        changed = self.call.forge.store.review_comments.put(replace(root, is_resolved=is_resolved))
        return self._thread_payload(changed, given)

    def _pull(self, node_id: object) -> PullRequest:
        found = self.call.forge.store.pull_requests.get(_number(node_id, prefix="PR_"))
        if found is None:
            raise LookupError(f"Could not resolve to a node with the global id of '{node_id}'")
        self._check_may_write(found)
        return found

    def _review(self, given: Input) -> Review:
        found = self.call.forge.store.reviews.get(_number(given.get("pullRequestReviewId"), prefix="PRR_"))
        if found is None and given.get("pullRequestId"):
            pull_request = self._pull(given["pullRequestId"])
            actor = self.call.signed_in.account
            found = self.call.forge.store.reviews.first(
                lambda review: (
                    (review.pull_request_id, review.author_id, review.state)
                    == (pull_request.id, actor.id, "PENDING")
                )
            )
        if found is None:
            raise LookupError("Could not resolve to a pull request review")
        self._check_may_write(the_pull_of(self.call.forge, found.pull_request_id))
        return found

    def _check_may_write(self, pull_request: PullRequest) -> None:
        if not self.call.signed_in.may_write("pull_requests", repository_id=pull_request.repository_id):
            raise PermissionError("Resource not accessible by integration")

    def _review_payload(self, review: Review, given: Input) -> Node:
        return {
            "clientMutationId": given.get("clientMutationId"),
            "pullRequestReview": nodes.review(self.call.forge, review),
        }

    def _thread_payload(self, comment: ReviewComment, given: Input) -> Node:
        return {
            "clientMutationId": given.get("clientMutationId"),
            "thread": nodes.thread(self.call.forge, comment),
        }


@lru_cache(maxsize=1)
def _schema() -> GraphQLSchema:
    return build_schema(SCHEMA)


def _number(node_id: object, *, prefix: str) -> int:
    text = str(node_id).removeprefix(prefix)
    return int(text) if text.isdecimal() else 0


def _text(value: object) -> str | None:
    return str(value) if value else None


ENDPOINTS = tuple(
    Endpoint("POST", path, answer, access="signed-in")
    for path in ("/graphql", "/api/graphql", "/api/v3/graphql")
)
