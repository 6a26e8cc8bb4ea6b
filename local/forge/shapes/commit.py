"""Commits, the files they change, and comparisons."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from local.forge.git.command import EMPTY_TREE
from local.forge.git.diffs import changed_files
from local.forge.git.objects import Commit, FileChange, Signature
from local.forge.shapes.account import Shape, commit_email, simple_account

if TYPE_CHECKING:
    from local.forge.forge import Forge
    from local.forge.records import Account, Repository

_UNSIGNED: Shape = {
    "verified": False,
    "reason": "unsigned",
    "signature": None,
    "payload": None,
    "verified_at": None,
}


def git_commit(forge: Forge, repository: Repository, commit: Commit) -> Shape:
    """A commit of the Git data API."""
    return {
        "sha": commit.sha,
        "node_id": f"C_{commit.sha}",
        "url": forge.urls.api(repository, f"/git/commits/{commit.sha}"),
        "html_url": forge.urls.page(repository, f"/commit/{commit.sha}"),
        "author": _signature(commit.author),
        "committer": _signature(commit.committer),
        "message": commit.message,
        "tree": {"sha": commit.tree, "url": forge.urls.api(repository, f"/git/trees/{commit.tree}")},
        "parents": _parents(forge, repository, commit, kind="git/commits"),
        "verification": dict(_UNSIGNED),
    }


def commit_summary(forge: Forge, repository: Repository, commit: Commit) -> Shape:
    """A commit in a list."""
    author, committer = (account_of(forge, who) for who in (commit.author, commit.committer))
    url = forge.urls.api(repository, f"/commits/{commit.sha}")
    return {
        "sha": commit.sha,
        "node_id": f"C_{commit.sha}",
        "commit": {
            "author": _signature(commit.author),
            "committer": _signature(commit.committer),
            "message": commit.message,
            "tree": {"sha": commit.tree, "url": forge.urls.api(repository, f"/git/trees/{commit.tree}")},
            "url": forge.urls.api(repository, f"/git/commits/{commit.sha}"),
            "comment_count": 0,
            "verification": dict(_UNSIGNED),
        },
        "url": url,
        "html_url": forge.urls.page(repository, f"/commit/{commit.sha}"),
        "comments_url": f"{url}/comments",
        "author": simple_account(forge, author) if author else None,
        "committer": simple_account(forge, committer) if committer else None,
        "parents": _parents(forge, repository, commit, kind="commits"),
    }


def full_commit(forge: Forge, repository: Repository, commit: Commit) -> Shape:
    """One commit with its files and counts."""
    before = commit.parents[0] if commit.parents else EMPTY_TREE
    changes = changed_files(forge.git(repository), before, commit.sha)
    additions, deletions = line_counts(changes)
    return {
        **commit_summary(forge, repository, commit),
        "stats": {"total": additions + deletions, "additions": additions, "deletions": deletions},
        "files": [file_change(forge, repository, change, at=commit.sha) for change in changes],
    }


def file_change(forge: Forge, repository: Repository, change: FileChange, *, at: str) -> Shape:
    """One file of a commit, a comparison or a pull request."""
    body: Shape = {
        "sha": change.sha,
        "filename": change.path,
        "status": change.status,
        "additions": change.additions,
        "deletions": change.deletions,
        "changes": change.additions + change.deletions,
        "blob_url": forge.urls.page(repository, f"/blob/{at}/{change.path}"),
        "raw_url": forge.urls.page(repository, f"/raw/{at}/{change.path}"),
        "contents_url": forge.urls.api(repository, f"/contents/{quote(change.path)}?ref={at}"),
    }
    if change.patch is not None:
        body["patch"] = change.patch
    if change.previous_path is not None:
        body["previous_filename"] = change.previous_path
    return body


def comparison(
    forge: Forge, repository: Repository, *, base: Commit, head: Commit, names: str
) -> Shape | None:
    """The answer to `compare/base...head`, or nothing when the histories are unrelated."""
    git = forge.git(repository)
    meeting_point = git.merge_base(base.sha, head.sha)
    merge_base = git.commit(meeting_point) if meeting_point else None
    if merge_base is None:
        return None
    ahead = git.count(head.sha, exclude=[base.sha])
    behind = git.count(base.sha, exclude=[head.sha])
    commits = git.log(head.sha, exclude=[base.sha], limit=250, options=["--reverse"]) if ahead else []
    api, page = (
        forge.urls.api(repository, f"/compare/{names}"),
        forge.urls.page(repository, f"/compare/{names}"),
    )
    return {
        "url": api,
        "html_url": page,
        "permalink_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "base_commit": commit_summary(forge, repository, base),
        "merge_base_commit": commit_summary(forge, repository, merge_base),
        "status": _relation(ahead=ahead, behind=behind),
        "ahead_by": ahead,
        "behind_by": behind,
        "total_commits": ahead,
        "commits": [commit_summary(forge, repository, commit) for commit in commits],
        "files": [
            file_change(forge, repository, change, at=head.sha)
            for change in changed_files(git, merge_base.sha, head.sha)
        ],
    }


def pushed_commit(forge: Forge, repository: Repository, commit: Commit) -> Shape:
    """A commit in a `push` payload or as a run's `head_commit`."""
    before = commit.parents[0] if commit.parents else EMPTY_TREE
    changes = changed_files(forge.git(repository), before, commit.sha)
    return {
        "id": commit.sha,
        "tree_id": commit.tree,
        "distinct": True,
        "message": commit.message,
        "timestamp": commit.committer.date,
        "url": forge.urls.page(repository, f"/commit/{commit.sha}"),
        "author": _pusher(forge, commit.author),
        "committer": _pusher(forge, commit.committer),
        "added": [change.path for change in changes if change.status == "added"],
        "removed": [change.path for change in changes if change.status == "removed"],
        "modified": [change.path for change in changes if change.status not in ("added", "removed")],
    }


def line_counts(changes: list[FileChange]) -> tuple[int, int]:
    """Sum the added and the removed lines."""
    return sum(change.additions for change in changes), sum(change.deletions for change in changes)


def account_of(forge: Forge, who: Signature) -> Account | None:
    """Match a commit's address to an account."""
    return forge.store.accounts.first(lambda account: commit_email(account) == who.email)


def _relation(*, ahead: int, behind: int) -> str:
    if ahead and behind:
        return "diverged"
    return "ahead" if ahead else "behind" if behind else "identical"


def _signature(who: Signature) -> Shape:
    return {"name": who.name, "email": who.email, "date": who.date}


def _pusher(forge: Forge, who: Signature) -> Shape:
    account = account_of(forge, who)
    person: Shape = {"name": who.name, "email": who.email, "date": who.date}
    return {**person, "username": account.login} if account else person


def _parents(forge: Forge, repository: Repository, commit: Commit, *, kind: str) -> list[Shape]:
    return [
        {
            "sha": parent,
            "url": forge.urls.api(repository, f"/{kind}/{parent}"),
            "html_url": forge.urls.page(repository, f"/commit/{parent}"),
        }
        for parent in commit.parents
    ]
