"""Pull requests, and the issues that they also are."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from local.forge.git.diffs import changed_files
from local.forge.git.writing import merged_tree
from local.forge.shapes.account import Shape, simple_account
from local.forge.shapes.commit import line_counts
from local.forge.shapes.repository import full_repository

if TYPE_CHECKING:
    from local.forge.forge import Forge
    from local.forge.records import Issue, Label, PullRequest, Repository


def issue_of(forge: Forge, pull_request: PullRequest) -> Issue:
    """Give the issue half of a pull request."""
    issue = forge.store.issues.get(pull_request.issue_id)
    if issue is None:
        raise LookupError(f"pull request {pull_request.id} has lost its issue {pull_request.issue_id}")
    return issue


def pull_request_summary(forge: Forge, pull_request: PullRequest) -> Shape:
    """A pull request in a list."""
    repository = forge.repository_by_id(pull_request.repository_id)
    issue = issue_of(forge, pull_request)
    api = forge.urls.api(repository, f"/pulls/{issue.number}")
    issue_api = forge.urls.api(repository, f"/issues/{issue.number}")
    page = forge.urls.page(repository, f"/pull/{issue.number}")
    statuses = forge.urls.api(repository, f"/statuses/{pull_request.head_sha}")
    links = {
        "self": api,
        "html": page,
        "issue": issue_api,
        "comments": f"{issue_api}/comments",
        "review_comments": f"{api}/comments",
        "review_comment": forge.urls.api(repository, "/pulls/comments{/number}"),
        "commits": f"{api}/commits",
        "statuses": statuses,
    }
    assignees = accounts(forge, issue.assignees)
    return {
        "url": api,
        "id": pull_request.id,
        "node_id": f"PR_{pull_request.id}",
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "issue_url": issue_api,
        "commits_url": links["commits"],
        "review_comments_url": links["review_comments"],
        "review_comment_url": links["review_comment"],
        "comments_url": links["comments"],
        "statuses_url": statuses,
        "number": issue.number,
        "state": issue.state,
        "locked": False,
        "title": issue.title,
        "user": simple_account(forge, forge.account(issue.author_id)),
        "body": issue.body,
        "labels": labels(forge, repository, issue.labels),
        "milestone": None,
        "active_lock_reason": None,
        "created_at": issue.created_at,
        "updated_at": issue.updated_at,
        "closed_at": issue.closed_at,
        "merged_at": pull_request.merged_at,
        "merge_commit_sha": pull_request.merge_commit_sha,
        "assignee": assignees[0] if assignees else None,
        "assignees": assignees,
        "requested_reviewers": accounts(forge, pull_request.reviewers),
        "requested_teams": [],
        "head": _side(forge, repository, name=pull_request.head_ref, sha=pull_request.head_sha),
        "base": _side(forge, repository, name=pull_request.base_ref, sha=pull_request.base_sha),
        "_links": {name: {"href": url} for name, url in links.items()},
        "author_association": "CONTRIBUTOR",
        "auto_merge": None,
        "draft": pull_request.is_draft,
    }


def full_pull_request(forge: Forge, pull_request: PullRequest) -> Shape:
    """One pull request, with what git says about it."""
    repository = forge.repository_by_id(pull_request.repository_id)
    issue = issue_of(forge, pull_request)
    git = forge.git(repository)
    start = merge_base_of(forge, pull_request)
    changes = changed_files(git, start, pull_request.head_sha)
    additions, deletions = line_counts(changes)
    is_mergeable = mergeable(forge, pull_request) if issue.state == "open" else None
    reviewed = forge.store.review_comments.where(lambda found: found.pull_request_id == pull_request.id)
    discussed = forge.store.comments.where(lambda found: found.issue_id == issue.id)
    merger = forge.store.accounts.get(pull_request.merged_by_id)
    return {
        **pull_request_summary(forge, pull_request),
        "merged": pull_request.merged_at is not None,
        "mergeable": is_mergeable,
        "rebaseable": is_mergeable,
        "mergeable_state": _merge_state(pull_request, is_mergeable=is_mergeable),
        "merged_by": simple_account(forge, merger) if merger else None,
        "comments": len(discussed),
        "review_comments": len(reviewed),
        "maintainer_can_modify": False,
        "commits": git.count(pull_request.head_sha, exclude=[start]),
        "additions": additions,
        "deletions": deletions,
        "changed_files": len(changes),
    }


def issue_body(forge: Forge, issue: Issue) -> Shape:
    """An issue, or a pull request seen as one."""
    repository = forge.repository_by_id(issue.repository_id)
    api = forge.urls.api(repository, f"/issues/{issue.number}")
    kind = "pull" if issue.pull_request_id is not None else "issues"
    assignees = accounts(forge, issue.assignees)
    body: Shape = {
        "url": api,
        "repository_url": forge.urls.api(repository),
        "labels_url": f"{api}/labels{{/name}}",
        "comments_url": f"{api}/comments",
        "events_url": f"{api}/events",
        "html_url": forge.urls.page(repository, f"/{kind}/{issue.number}"),
        "id": issue.id,
        "node_id": f"I_{issue.id}",
        "number": issue.number,
        "title": issue.title,
        "user": simple_account(forge, forge.account(issue.author_id)),
        "labels": labels(forge, repository, issue.labels),
        "state": issue.state,
        "locked": False,
        "assignee": assignees[0] if assignees else None,
        "assignees": assignees,
        "milestone": None,
        "comments": len(forge.store.comments.where(lambda found: found.issue_id == issue.id)),
        "created_at": issue.created_at,
        "updated_at": issue.updated_at,
        "closed_at": issue.closed_at,
        "author_association": "CONTRIBUTOR",
        "active_lock_reason": None,
        "body": issue.body,
        "closed_by": None,
        "reactions": reactions(forge, f"issue:{issue.id}", url=f"{api}/reactions"),
        "timeline_url": f"{api}/timeline",
        "performed_via_github_app": None,
        "state_reason": None,
    }
    if issue.pull_request_id is not None:
        pull_request = forge.store.pull_requests.get(issue.pull_request_id)
        page = forge.urls.page(repository, f"/pull/{issue.number}")
        body["draft"] = bool(pull_request and pull_request.is_draft)
        body["pull_request"] = {
            "url": forge.urls.api(repository, f"/pulls/{issue.number}"),
            "html_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "merged_at": pull_request.merged_at if pull_request else None,
        }
    return body


def label(forge: Forge, repository: Repository, record: Label) -> Shape:
    """A label."""
    return {
        "id": record.id,
        "node_id": f"LA_{record.id}",
        "url": forge.urls.api(repository, f"/labels/{quote(record.name)}"),
        "name": record.name,
        "color": record.color,
        "default": False,
        "description": record.description,
        "archived_at": None,
        "archived_by": None,
    }


def labels(forge: Forge, repository: Repository, names: tuple[str, ...]) -> list[Shape]:
    """The labels an issue carries."""
    known = forge.store.labels.where(lambda found: found.repository_id == repository.id)
    return [label(forge, repository, found) for name in names for found in known if found.name == name]


def accounts(forge: Forge, logins: tuple[str, ...]) -> list[Shape]:
    """The short forms of these logins."""
    found = [forge.find_account(login) for login in logins]
    return [simple_account(forge, account) for account in found if account is not None]


def reactions(forge: Forge, subject: str, *, url: str) -> Shape:
    """How often each reaction was given."""
    given = [reaction.content for reaction in forge.store.reactions.where(lambda r: r.subject == subject)]
    kinds = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")
    return {"url": url, "total_count": len(given), **{kind: given.count(kind) for kind in kinds}}


def merge_base_of(forge: Forge, pull_request: PullRequest) -> str:
    """The commit that a pull request's diff starts from."""
    git = forge.git(forge.repository_by_id(pull_request.repository_id))
    return git.merge_base(pull_request.base_sha, pull_request.head_sha) or pull_request.base_sha


def mergeable(forge: Forge, pull_request: PullRequest) -> bool:
    """Try the merge in memory."""
    git = forge.git(forge.repository_by_id(pull_request.repository_id))
    return merged_tree(git, pull_request.base_sha, pull_request.head_sha) is not None


def _merge_state(pull_request: PullRequest, *, is_mergeable: bool | None) -> str:
    if is_mergeable is None:
        return "unknown"
    if pull_request.is_draft:
        return "draft"
    return "clean" if is_mergeable else "dirty"


def _side(forge: Forge, repository: Repository, *, name: str, sha: str) -> Shape:
    owner = forge.ensure_account(repository.owner, kind="Organization")
    return {
        "label": f"{repository.owner}:{name}",
        "ref": name,
        "sha": sha,
        "user": simple_account(forge, owner),
        "repo": full_repository(forge, repository),
    }
