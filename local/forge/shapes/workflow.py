"""Workflows, runs and jobs of Actions."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING
from urllib.parse import quote

from local.forge.shapes.account import Shape, simple_account
from local.forge.shapes.check import head_commit, pull_request_references
from local.forge.shapes.repository import simple_repository

if TYPE_CHECKING:
    from local.forge.forge import Forge
    from local.forge.records import Job, Repository, Step, WorkflowRun


def workflow_id(repository: Repository, path: str) -> int:
    """Give a workflow file its number: the same for as long as the file keeps its path."""
    return zlib.crc32(f"{repository.id}:{path}".encode())


def workflow(forge: Forge, repository: Repository, *, path: str, name: str) -> Shape:
    """A workflow file."""
    file_name = path.rsplit("/", 1)[-1]
    number = workflow_id(repository, path)
    return {
        "id": number,
        "node_id": f"W_{number}",
        "name": name,
        "path": path,
        "state": "active",
        "created_at": repository.created_at,
        "updated_at": repository.pushed_at,
        "url": forge.urls.api(repository, f"/actions/workflows/{number}"),
        "html_url": forge.urls.page(repository, f"/blob/{repository.default_branch}/{path}"),
        "badge_url": forge.urls.page(repository, f"/workflows/{quote(file_name)}/badge.svg"),
    }


def run(forge: Forge, record: WorkflowRun) -> Shape:
    """A run, at its latest attempt."""
    repository = forge.repository_by_id(record.repository_id)
    url = forge.urls.api(repository, f"/actions/runs/{record.id}")
    number = workflow_id(repository, record.path)
    actor = simple_account(forge, forge.account(record.actor_id))
    previous = f"{url}/attempts/{record.attempt - 1}" if record.attempt > 1 else None
    return {
        "id": record.id,
        "name": record.name,
        "node_id": f"WFR_{record.id}",
        "head_branch": record.head_branch,
        "head_sha": record.head_sha,
        "path": record.path,
        "display_title": record.title,
        "run_number": record.run_number,
        "event": record.event,
        "status": record.status,
        "conclusion": record.conclusion,
        "workflow_id": number,
        "check_suite_id": record.suite_id,
        "check_suite_node_id": f"CS_{record.suite_id}",
        "url": url,
        "html_url": forge.urls.page(repository, f"/actions/runs/{record.id}"),
        "pull_requests": pull_request_references(
            forge, repository, record.head_sha, branch=record.head_branch
        ),
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        "actor": actor,
        "triggering_actor": actor,
        "run_attempt": record.attempt,
        "referenced_workflows": [],
        "run_started_at": record.started_at,
        "jobs_url": f"{url}/jobs",
        "logs_url": f"{url}/logs",
        "check_suite_url": forge.urls.api(repository, f"/check-suites/{record.suite_id}"),
        "artifacts_url": f"{url}/artifacts",
        "cancel_url": f"{url}/cancel",
        "rerun_url": f"{url}/rerun",
        "previous_attempt_url": previous,
        "workflow_url": forge.urls.api(repository, f"/actions/workflows/{number}"),
        "head_commit": head_commit(forge, repository, record.head_sha),
        "repository": simple_repository(forge, repository),
        "head_repository": simple_repository(forge, repository),
    }


def job(forge: Forge, record: Job) -> Shape:
    """A job of one attempt."""
    repository = forge.repository_by_id(record.repository_id)
    parent = forge.store.runs.get(record.run_id)
    url = forge.urls.api(repository, f"/actions/jobs/{record.id}")
    return {
        "id": record.id,
        "run_id": record.run_id,
        "run_url": forge.urls.api(repository, f"/actions/runs/{record.run_id}"),
        "run_attempt": record.attempt,
        "node_id": f"CR_{record.id}",
        "head_sha": parent.head_sha if parent else "",
        "head_branch": parent.head_branch if parent else None,
        "workflow_name": parent.name if parent else None,
        "url": url,
        "html_url": forge.urls.page(repository, f"/actions/runs/{record.run_id}/job/{record.id}"),
        "status": record.status,
        "conclusion": record.conclusion,
        "created_at": record.created_at,
        "started_at": record.started_at,
        "completed_at": record.completed_at,
        "name": record.name,
        "steps": [_step(step) for step in record.steps],
        "check_run_url": forge.urls.api(repository, f"/check-runs/{record.id}"),
        "labels": list(record.labels),
        "runner_id": 1,
        "runner_name": "laptop",
        "runner_group_id": 1,
        "runner_group_name": "Default",
    }


def _step(step: Step) -> Shape:
    return {
        "name": step.name,
        "status": step.status,
        "conclusion": step.conclusion,
        "number": step.number,
        "started_at": step.started_at,
        "completed_at": step.completed_at,
    }
