"""Check runs, check suites and commit statuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from local.forge.records import Conclusion
from local.forge.shapes.account import Shape, app, simple_account
from local.forge.shapes.repository import simple_repository

if TYPE_CHECKING:
    from local.forge.forge import Forge
    from local.forge.records import CheckRun, CheckSuite, PullRequest, Repository, Status

ACTIONS_SLUG = "github-actions"
_BAD_ENDS: tuple[Conclusion, ...] = ("failure", "timed_out", "cancelled", "action_required", "stale")


def check_run(forge: Forge, record: CheckRun) -> Shape:
    """One check of a commit."""
    repository = forge.repository_by_id(record.repository_id)
    suite = forge.store.check_suites.get(record.suite_id)
    url = forge.urls.api(repository, f"/check-runs/{record.id}")
    page = record.details_url or forge.urls.page(repository, f"/runs/{record.id}")
    return {
        "id": record.id,
        "name": record.name,
        "node_id": f"CR_{record.id}",
        "head_sha": record.head_sha,
        "external_id": record.external_id,
        "url": url,
        "html_url": page,
        "details_url": page,
        "status": record.status,
        "conclusion": record.conclusion,
        "started_at": record.started_at,
        "completed_at": record.completed_at,
        "output": {
            "title": record.title,
            "summary": record.summary,
            "text": record.text,
            "annotations_count": 0,
            "annotations_url": f"{url}/annotations",
        },
        "check_suite": {"id": record.suite_id},
        "app": _app(forge, suite.app_slug if suite else ACTIONS_SLUG),
        "pull_requests": pull_request_references(
            forge, repository, record.head_sha, branch=suite.head_branch if suite else None
        ),
    }


def check_suite(forge: Forge, record: CheckSuite) -> Shape:
    """The checks of one app for one commit."""
    repository = forge.repository_by_id(record.repository_id)
    url = forge.urls.api(repository, f"/check-suites/{record.id}")
    commit = forge.git(repository).commit(record.head_sha)
    runs = forge.store.check_runs.where(lambda run: run.suite_id == record.id)
    return {
        "id": record.id,
        "node_id": f"CS_{record.id}",
        "head_branch": record.head_branch,
        "head_sha": record.head_sha,
        "status": record.status,
        "conclusion": record.conclusion,
        "url": url,
        "before": commit.parents[0] if commit and commit.parents else None,
        "after": record.head_sha,
        "pull_requests": pull_request_references(
            forge, repository, record.head_sha, branch=record.head_branch
        ),
        "app": _app(forge, record.app_slug),
        "repository": simple_repository(forge, repository),
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        "head_commit": head_commit(forge, repository, record.head_sha),
        "latest_check_runs_count": len(runs),
        "check_runs_url": f"{url}/check-runs",
    }


def status(forge: Forge, record: Status) -> Shape:
    """One commit status."""
    repository = forge.repository_by_id(record.repository_id)
    creator = simple_account(forge, forge.account(record.creator_id))
    return {
        "url": forge.urls.api(repository, f"/statuses/{record.sha}"),
        "avatar_url": creator["avatar_url"],
        "id": record.id,
        "node_id": f"SC_{record.id}",
        "state": record.state,
        "description": record.description,
        "target_url": record.target_url,
        "context": record.context,
        "created_at": record.created_at,
        "updated_at": record.created_at,
        "creator": creator,
    }


def combined_status(forge: Forge, repository: Repository, sha: str) -> Shape:
    """The latest status of every context, and what they come to."""
    latest = {
        record.context: record
        for record in forge.store.statuses.where(
            lambda found: found.repository_id == repository.id and found.sha == sha
        )
    }
    states = {record.state for record in latest.values()}
    overall = "pending"
    if states & {"failure", "error"}:
        overall = "failure"
    elif states == {"success"}:
        overall = "success"
    url = forge.urls.api(repository, f"/commits/{sha}")
    return {
        "state": overall,
        "statuses": [status(forge, record) for record in latest.values()],
        "sha": sha,
        "total_count": len(latest),
        "repository": simple_repository(forge, repository),
        "commit_url": url,
        "url": f"{url}/status",
    }


def pull_requests_of(
    forge: Forge, repository: Repository, sha: str, *, branch: str | None
) -> list[PullRequest]:
    """The open pull requests whose head this commit is."""
    return forge.store.pull_requests.where(
        lambda found: (
            found.repository_id == repository.id
            and found.head_sha == sha
            and found.merged_at is None
            and branch in (None, found.head_ref)
        )
    )


def pull_request_references(
    forge: Forge, repository: Repository, sha: str, *, branch: str | None
) -> list[Shape]:
    """The short form in which checks and runs name their pull requests."""
    reference = {"id": repository.id, "url": forge.urls.api(repository), "name": repository.name}
    return [
        {
            "url": forge.urls.api(repository, f"/pulls/{found.number}"),
            "id": found.id,
            "number": found.number,
            "head": {"ref": found.head_ref, "sha": found.head_sha, "repo": reference},
            "base": {"ref": found.base_ref, "sha": found.base_sha, "repo": reference},
        }
        for found in pull_requests_of(forge, repository, sha, branch=branch)
    ]


def head_commit(forge: Forge, repository: Repository, sha: str) -> Shape:
    """The short form of a commit inside runs and suites."""
    commit = forge.git(repository).commit(sha)
    if commit is None:
        return {"id": sha, "tree_id": "", "message": "", "timestamp": "", "author": None, "committer": None}
    return {
        "id": commit.sha,
        "tree_id": commit.tree,
        "message": commit.message,
        "timestamp": commit.committer.date,
        "author": {"name": commit.author.name, "email": commit.author.email},
        "committer": {"name": commit.committer.name, "email": commit.committer.email},
    }


def overall_conclusion(conclusions: Sequence[Conclusion | None]) -> Conclusion:
    """What several ended checks come to: the worst of them."""
    for bad in _BAD_ENDS:
        if bad in conclusions:
            return bad
    return "skipped" if conclusions and set(conclusions) == {"skipped"} else "success"


def _app(forge: Forge, slug: str) -> Shape:
    found = forge.store.apps.first(lambda record: record.slug == slug)
    if found is not None:
        return app(forge, found)
    owner = forge.ensure_account(f"{slug}[bot]", kind="Bot")
    return {
        "id": 15368,
        "slug": slug,
        "node_id": "A_15368",
        "client_id": "Iv1.actions",
        "owner": simple_account(forge, owner),
        "name": "GitHub Actions",
        "description": "Automate your workflow from idea to production",
        "external_url": forge.urls.base,
        "html_url": f"{forge.urls.base}/apps/{slug}",
        "created_at": owner.created_at,
        "updated_at": owner.created_at,
        "permissions": {"actions": "write", "checks": "write", "contents": "read"},
        "events": [],
    }
