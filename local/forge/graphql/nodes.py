"""The forge's records as GraphQL nodes, with GitHub's opaque ids."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from local.forge.shapes.pull_request import issue_of, mergeable

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo

    from local.forge.forge import Forge
    from local.forge.records import Account, PullRequest, Repository, Review, ReviewComment

Node = dict[str, object]
ItemT = TypeVar("ItemT")


def actor(forge: Forge, account: Account) -> Node:
    """Somebody."""
    return {
        "__typename": account.kind,
        "id": f"U_{account.id}",
        "databaseId": account.id,
        "login": account.login,
        "name": account.name,
        "url": f"{forge.urls.base}/{account.login}",
        "avatarUrl": f"{forge.urls.base}/avatars/{account.id}",
    }


def repository(forge: Forge, record: Repository) -> Node:
    """A repository."""

    def pull(_: GraphQLResolveInfo, number: int) -> Node:
        found = forge.store.pull_requests.first(
            lambda candidate: (candidate.repository_id, candidate.number) == (record.id, number)
        )
        if found is None:
            raise LookupError(f"Could not resolve to a PullRequest with the number of {number}.")
        return pull_request(forge, found)

    return {
        "__typename": "Repository",
        "id": f"R_{record.id}",
        "databaseId": record.id,
        "name": record.name,
        "nameWithOwner": record.full_name,
        "owner": actor(forge, forge.ensure_account(record.owner, kind="Organization")),
        "isPrivate": True,
        "url": forge.urls.page(record),
        "defaultBranchRef": {
            "id": f"REF_{record.id}",
            "name": record.default_branch,
            "prefix": "refs/heads/",
        },
        "pullRequest": pull,
    }


def pull_request(forge: Forge, record: PullRequest) -> Node:
    """A pull request."""
    issue, home = issue_of(forge, record), forge.repository_by_id(record.repository_id)

    def reviews(
        _: GraphQLResolveInfo, author: str | None = None, states: list[str] | None = None, **window: object
    ) -> Node:
        found = forge.store.reviews.where(
            lambda found: (
                found.pull_request_id == record.id
                and (states is None or found.state in states)
                and author in (None, forge.account(found.author_id).login)
            )
        )
        return connection(found, lambda found: review(forge, found), window)

    def threads(_: GraphQLResolveInfo, **window: object) -> Node:
        roots = forge.store.review_comments.where(
            lambda found: found.pull_request_id == record.id and found.in_reply_to_id is None
        )
        return connection(roots, lambda root: thread(forge, root), window)

    return {
        "__typename": "PullRequest",
        "id": f"PR_{record.id}",
        "databaseId": record.id,
        "fullDatabaseId": str(record.id),
        "number": record.number,
        "title": issue.title,
        "body": issue.body or "",
        "url": forge.urls.page(home, f"/pull/{record.number}"),
        "state": "MERGED" if record.merged_at else issue.state.upper(),
        "isDraft": record.is_draft,
        "merged": record.merged_at is not None,
        "mergeable": lambda _: "MERGEABLE" if mergeable(forge, record) else "CONFLICTING",
        "headRefName": record.head_ref,
        "headRefOid": record.head_sha,
        "baseRefName": record.base_ref,
        "baseRefOid": record.base_sha,
        "author": actor(forge, forge.account(issue.author_id)),
        "createdAt": issue.created_at,
        "updatedAt": issue.updated_at,
        "repository": lambda _: repository(forge, home),
        "reviews": reviews,
        "latestReviews": reviews,
        "reviewThreads": threads,
    }


def review(forge: Forge, record: Review) -> Node:
    """A review."""
    pull = forge.store.pull_requests.get(record.pull_request_id)
    home = forge.repository_by_id(pull.repository_id) if pull else None
    page = (
        forge.urls.page(home, f"/pull/{pull.number}#pullrequestreview-{record.id}") if pull and home else ""
    )
    return {
        "__typename": "PullRequestReview",
        "id": f"PRR_{record.id}",
        "databaseId": record.id,
        "state": record.state,
        "body": record.body,
        "url": page,
        "author": actor(forge, forge.account(record.author_id)),
        "submittedAt": record.submitted_at,
    }


def thread(forge: Forge, root: ReviewComment) -> Node:
    """A comment on a line with its replies."""

    def comments(_: GraphQLResolveInfo, **window: object) -> Node:
        replies = forge.store.review_comments.where(lambda found: found.in_reply_to_id == root.id)
        return connection([root, *replies], lambda found: review_comment(forge, found), window)

    pull = forge.store.pull_requests.get(root.pull_request_id)
    return {
        "__typename": "PullRequestReviewThread",
        "id": f"PRRT_{root.id}",
        "isResolved": root.is_resolved,
        "isOutdated": pull is not None and pull.head_sha != root.commit_sha,
        "isCollapsed": root.is_resolved,
        "path": root.path,
        "line": root.line,
        "comments": comments,
    }


def review_comment(forge: Forge, record: ReviewComment) -> Node:
    """A comment on a line."""
    pull = forge.store.pull_requests.get(record.pull_request_id)
    home = forge.repository_by_id(pull.repository_id) if pull else None
    page = forge.urls.page(home, f"/pull/{pull.number}#discussion_r{record.id}") if pull and home else ""
    return {
        "__typename": "PullRequestReviewComment",
        "id": f"PRRC_{record.id}",
        "databaseId": record.id,
        "fullDatabaseId": str(record.id),
        "body": record.body,
        "path": record.path,
        "line": record.line,
        "originalLine": record.line,
        "url": page,
        "author": actor(forge, forge.account(record.author_id)),
        "createdAt": record.created_at,
        "updatedAt": record.updated_at,
    }


def connection(items: Sequence[ItemT], node: Callable[[ItemT], Node], window: dict[str, object]) -> Node:
    """One page of a list; cursors are positions."""
    after, first, last = window.get("after"), window.get("first"), window.get("last")
    start = int(after) if isinstance(after, str) and after.isdecimal() else 0
    end = min(len(items), start + first) if isinstance(first, int) else len(items)
    if isinstance(last, int):
        start = max(start, end - last)
    return {
        "nodes": [node(item) for item in items[start:end]],
        "totalCount": len(items),
        "pageInfo": {
            "hasNextPage": end < len(items),
            "hasPreviousPage": start > 0,
            "startCursor": str(start) if items else None,
            "endCursor": str(end) if items else None,
        },
    }
