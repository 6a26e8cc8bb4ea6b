"""Repositories, branches, refs, trees, blobs and contents."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from local.forge.git.objects import Ref, TreeEntry
from local.forge.shapes.account import Shape, simple_account
from local.forge.shapes.language import main_language

if TYPE_CHECKING:
    from local.forge.forge import Forge
    from local.forge.records import Account, Repository

_TAILS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}


def simple_repository(forge: Forge, repository: Repository) -> Shape:
    """The short form of GitHub's `minimal repository`."""
    owner = forge.ensure_account(repository.owner, kind="Organization")
    return {
        "id": repository.id,
        "node_id": f"R_{repository.id}",
        "name": repository.name,
        "full_name": repository.full_name,
        "private": True,
        "owner": simple_account(forge, owner),
        "html_url": forge.urls.page(repository),
        "description": repository.description,
        "fork": False,
        "url": forge.urls.api(repository),
        **{name: forge.urls.api(repository, tail) for name, tail in _TAILS.items()},
    }


def full_repository(forge: Forge, repository: Repository, *, viewer: Account | None = None) -> Shape:
    """The long form, as `GET /repos/{owner}/{repo}` answers and webhooks carry."""
    page = forge.urls.page(repository)
    open_issues = forge.store.issues.where(
        lambda issue: issue.repository_id == repository.id and issue.state == "open"
    )
    may_push = viewer is not None and viewer.permission in ("admin", "write")
    return {
        **simple_repository(forge, repository),
        "git_url": f"{page}.git",
        "ssh_url": f"{page}.git",
        "clone_url": f"{page}.git",
        "svn_url": page,
        "mirror_url": None,
        "homepage": None,
        "size": 0,
        "stargazers_count": 0,
        "watchers_count": 0,
        "watchers": 0,
        "forks_count": 0,
        "forks": 0,
        "network_count": 0,
        "subscribers_count": 0,
        "open_issues_count": len(open_issues),
        "open_issues": len(open_issues),
        "language": main_language(forge.git(repository), repository.default_branch),
        "license": None,
        "topics": [],
        "has_issues": True,
        "has_projects": False,
        "has_wiki": False,
        "has_pages": False,
        "has_downloads": False,
        "has_discussions": False,
        "archived": False,
        "disabled": False,
        "visibility": "private",
        "default_branch": repository.default_branch,
        "created_at": repository.created_at,
        "updated_at": repository.pushed_at,
        "pushed_at": repository.pushed_at,
        "allow_forking": False,
        "allow_merge_commit": True,
        "allow_squash_merge": True,
        "allow_rebase_merge": False,
        "allow_auto_merge": False,
        "allow_update_branch": True,
        "delete_branch_on_merge": False,
        "is_template": False,
        "web_commit_signoff_required": False,
        "permissions": {
            "admin": viewer is not None and viewer.permission == "admin",
            "maintain": may_push,
            "push": may_push,
            "triage": may_push,
            "pull": True,
        },
    }


def short_branch(forge: Forge, repository: Repository, ref: Ref) -> Shape:
    """A branch in a list."""
    name = ref.name.removeprefix("refs/heads/")
    return {
        "name": name,
        "commit": {"sha": ref.sha, "url": forge.urls.api(repository, f"/commits/{ref.sha}")},
        "protected": is_protected(repository, name),
    }


def is_protected(repository: Repository, branch: str) -> bool:
    """Say whether apps may not push to this branch."""
    return repository.is_protected and branch == repository.default_branch


def git_ref(forge: Forge, repository: Repository, ref: Ref) -> Shape:
    """A ref of the Git data API."""
    plural = {"commit": "commits", "tag": "tags", "tree": "trees", "blob": "blobs"}[ref.kind]
    return {
        "ref": ref.name,
        "node_id": f"REF_{repository.id}_{ref.name}",
        "url": forge.urls.api(repository, f"/git/{ref.name}"),
        "object": {
            "type": ref.kind,
            "sha": ref.sha,
            "url": forge.urls.api(repository, f"/git/{plural}/{ref.sha}"),
        },
    }


def git_tree(forge: Forge, repository: Repository, sha: str, entries: list[TreeEntry]) -> Shape:
    """A tree of the Git data API."""
    items: list[Shape] = []
    for entry in entries:
        item: Shape = {"path": entry.path, "mode": entry.mode, "type": entry.kind, "sha": entry.sha}
        if entry.size is not None:
            item["size"] = entry.size
        if entry.kind != "commit":
            item["url"] = forge.urls.api(repository, f"/git/{entry.kind}s/{entry.sha}")
        items.append(item)
    url = forge.urls.api(repository, f"/git/trees/{sha}")
    return {"sha": sha, "url": url, "tree": items, "truncated": False}


def git_blob(forge: Forge, repository: Repository, sha: str, content: bytes) -> Shape:
    """A blob of the Git data API."""
    return {
        "sha": sha,
        "node_id": f"B_{sha}",
        "size": len(content),
        "url": forge.urls.api(repository, f"/git/blobs/{sha}"),
        "content": base64.encodebytes(content).decode(),
        "encoding": "base64",
    }


def content_entry(forge: Forge, repository: Repository, entry: TreeEntry, *, ref: str) -> Shape:
    """A file or directory of the contents API, without its bytes."""
    api = forge.urls.api(repository, f"/contents/{entry.path}?ref={ref}")
    kind = {"blob": "file", "tree": "dir", "commit": "submodule"}[entry.kind]
    view = "tree" if entry.kind == "tree" else "blob"
    page = forge.urls.page(repository, f"/{view}/{ref}/{entry.path}")
    git_url = forge.urls.api(repository, f"/git/{view}s/{entry.sha}")
    download = forge.urls.page(repository, f"/raw/{ref}/{entry.path}") if entry.kind == "blob" else None
    return {
        "name": entry.path.rsplit("/", 1)[-1],
        "path": entry.path,
        "sha": entry.sha,
        "size": entry.size or 0,
        "url": api,
        "html_url": page,
        "git_url": git_url,
        "download_url": download,
        "type": kind,
        "_links": {"self": api, "git": git_url, "html": page},
    }


def content_file(
    forge: Forge, repository: Repository, entry: TreeEntry, *, ref: str, content: bytes
) -> Shape:
    """A file of the contents API with its bytes."""
    return {
        **content_entry(forge, repository, entry, ref=ref),
        "content": base64.encodebytes(content).decode(),
        "encoding": "base64",
    }
