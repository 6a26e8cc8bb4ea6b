"""actions_list, actions_get, get_job_logs and actions_run_trigger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field, JsonValue

from local.double import JsonObject
from local.gateway.github.arguments import RepositoryArguments
from local.gateway.tools import Arguments, Tool, ToolFailed

if TYPE_CHECKING:
    from local.gateway.github.client import Forge


class RunsFilter(Arguments):
    """Which runs list_workflow_runs returns."""

    actor: str | None = Field(default=None, description="Filter to a specific GitHub user's runs")
    branch: str | None = Field(default=None, description="Filter to a specific Git branch")
    event: str | None = Field(default=None, description="Filter to a specific event type")
    status: Literal["queued", "in_progress", "completed", "requested", "waiting"] | None = Field(
        default=None, description="Filter to runs with a specific status"
    )


class JobsFilter(Arguments):
    """Which jobs list_workflow_jobs returns."""

    filter: Literal["latest", "all"] | None = Field(
        default=None, description="Jobs of the latest attempt, or of all of them"
    )


class ActionsList(RepositoryArguments):
    """Arguments of actions_list."""

    method: Literal[
        "list_workflows", "list_workflow_runs", "list_workflow_jobs", "list_workflow_run_artifacts"
    ] = Field(description="The action to perform")
    resource_id: str | None = Field(
        default=None,
        description=(
            "list_workflow_runs: a workflow id or file name, or nothing for all runs; "
            "list_workflow_jobs and list_workflow_run_artifacts: a run id"
        ),
    )
    workflow_runs_filter: RunsFilter | None = Field(
        default=None, description="Only used by list_workflow_runs"
    )
    workflow_jobs_filter: JobsFilter | None = Field(
        default=None, description="Only used by list_workflow_jobs"
    )
    page: int | None = Field(default=None, ge=1, description="Page number for pagination (default: 1)")
    per_page: int | None = Field(
        default=None, ge=1, le=100, description="Results per page (default: 30, max: 100)"
    )


class ActionsGet(RepositoryArguments):
    """Arguments of actions_get."""

    method: Literal[
        "get_workflow",
        "get_workflow_run",
        "get_workflow_job",
        "download_workflow_run_artifact",
        "get_workflow_run_usage",
        "get_workflow_run_logs_url",
    ] = Field(description="The method to execute")
    resource_id: str = Field(description="The workflow's id or file name, or the run's, job's, artifact's id")


class GetJobLogs(RepositoryArguments):
    """Arguments of get_job_logs."""

    job_id: int | None = Field(default=None, description="The job, to get the logs of one job")
    run_id: int | None = Field(default=None, description="The run; failed_only needs it")
    failed_only: bool | None = Field(
        default=None, description="When true, the logs of all failed jobs of the run"
    )
    return_content: bool | None = Field(
        default=None, description="Returns actual log content instead of URLs"
    )
    tail_lines: int = Field(default=500, description="Number of lines to return from the end of the log")


class ActionsRunTrigger(RepositoryArguments):
    """Arguments of actions_run_trigger."""

    method: Literal[
        "run_workflow",
        "rerun_workflow_run",
        "rerun_failed_jobs",
        "cancel_workflow_run",
        "delete_workflow_run_logs",
    ] = Field(description="The method to execute")
    workflow_id: str | None = Field(default=None, description="Required for run_workflow: id or file name")
    ref: str | None = Field(default=None, description="Required for run_workflow: a branch or tag name")
    inputs: dict[str, str] | None = Field(default=None, description="Inputs the workflow accepts")
    run_id: int | None = Field(default=None, description="Required for all methods except run_workflow")


class _Job(BaseModel):
    id: int
    name: str
    conclusion: str | None = None


class _Jobs(BaseModel):
    total_count: int
    jobs: list[_Job]


_GET_PATHS = {
    "get_workflow": "workflows/{}",
    "get_workflow_run": "runs/{}",
    "get_workflow_job": "jobs/{}",
    "get_workflow_run_usage": "runs/{}/timing",
}
_RUN_OPERATIONS = {
    "rerun_workflow_run": ("POST", "rerun", "Workflow run has been queued for re-run"),
    "rerun_failed_jobs": ("POST", "rerun-failed-jobs", "Failed jobs have been queued for re-run"),
    "cancel_workflow_run": ("POST", "cancel", "Workflow run has been cancelled"),
    "delete_workflow_run_logs": ("DELETE", "logs", "Workflow run logs have been deleted"),
}


def tools(forge: Forge) -> list[Tool[Any]]:
    """Return the tools for GitHub Actions."""

    async def actions_list(wanted: ActionsList) -> JsonValue:
        return await _list(forge, wanted)

    async def actions_get(wanted: ActionsGet) -> JsonValue:
        return await _get(forge, wanted)

    async def get_job_logs(wanted: GetJobLogs) -> JsonValue:
        return await _logs(forge, wanted)

    async def actions_run_trigger(wanted: ActionsRunTrigger) -> JsonValue:
        return await _trigger(forge, wanted)

    return [
        Tool(
            "actions_list",
            "List GitHub Actions workflows in a repository, or the runs, jobs, and artifacts of one.",
            ActionsList,
            actions_list,
        ),
        Tool(
            "actions_get",
            "Get details about one workflow, workflow run, job, or artifact by its id.",
            ActionsGet,
            actions_get,
        ),
        Tool(
            "get_job_logs",
            "Get logs of one GitHub Actions job (job_id), or of all failed jobs of a run "
            "(run_id with failed_only=true).",
            GetJobLogs,
            get_job_logs,
        ),
        Tool(
            "actions_run_trigger",
            "Run, re-run, or cancel GitHub Actions workflow runs, or delete their logs.",
            ActionsRunTrigger,
            actions_run_trigger,
            read_only=False,
            destructive=True,
        ),
    ]


async def _list(forge: Forge, wanted: ActionsList) -> JsonValue:
    actions = f"{wanted.path_prefix}/actions"
    params: dict[str, object] = {"page": wanted.page, "per_page": wanted.per_page}
    if wanted.method == "list_workflows":
        return await forge.json(f"{actions}/workflows", params=params)
    if wanted.method == "list_workflow_runs":
        if wanted.workflow_runs_filter is not None:
            params |= wanted.workflow_runs_filter.model_dump()
        path = f"workflows/{wanted.resource_id}/runs" if wanted.resource_id else "runs"
        return await forge.json(f"{actions}/{path}", params=params)
    if not wanted.resource_id:
        raise ToolFailed(f"missing required parameter: resource_id (method {wanted.method} needs a run id)")
    if wanted.method == "list_workflow_run_artifacts":
        return await forge.json(f"{actions}/runs/{wanted.resource_id}/artifacts", params=params)
    if wanted.workflow_jobs_filter is not None:
        params |= wanted.workflow_jobs_filter.model_dump()
    return {"jobs": await forge.json(f"{actions}/runs/{wanted.resource_id}/jobs", params=params)}


async def _get(forge: Forge, wanted: ActionsGet) -> JsonValue:
    actions = f"{wanted.path_prefix}/actions"
    if wanted.method in _GET_PATHS:
        return await forge.json(f"{actions}/{_GET_PATHS[wanted.method].format(wanted.resource_id)}")
    if wanted.method == "get_workflow_run_logs_url":
        answer = await forge.send("GET", f"{actions}/runs/{wanted.resource_id}/logs")
        return {
            "logs_url": answer.headers.get("location", str(answer.url)),
            "message": "Workflow run logs are available for download",
            "note": "The logs_url is a ZIP archive with the logs of every job of the run.",
            "optimization_tip": "Use get_job_logs with run_id and failed_only=true for failed jobs.",
        }
    answer = await forge.send("GET", f"{actions}/artifacts/{wanted.resource_id}/zip")
    return {
        "download_url": answer.headers.get("location", str(answer.url)),
        "message": "Artifact is available for download",
        "artifact_id": wanted.resource_id,
    }


async def _logs(forge: Forge, wanted: GetJobLogs) -> JsonValue:
    if wanted.failed_only:
        if wanted.run_id is None:
            raise ToolFailed("run_id is required when failed_only is true")
        return await _failed_logs(forge, wanted, wanted.run_id)
    if wanted.job_id is None:
        raise ToolFailed("job_id is required, or run_id with failed_only=true")
    return await _log(forge, wanted, wanted.job_id)


async def _failed_logs(forge: Forge, wanted: GetJobLogs, run_id: int) -> JsonObject:
    jobs = await forge.get(f"{wanted.path_prefix}/actions/runs/{run_id}/jobs", _Jobs)
    failed = [job for job in jobs.jobs if job.conclusion == "failure"]
    if not failed:
        return {
            "message": "No failed jobs found in this workflow run",
            "run_id": run_id,
            "total_jobs": jobs.total_count,
            "failed_jobs": 0,
        }
    logs: list[JsonValue] = [{"job_name": job.name, **await _log(forge, wanted, job.id)} for job in failed]
    return {
        "message": f"Retrieved logs for {len(failed)} failed jobs",
        "run_id": run_id,
        "total_jobs": jobs.total_count,
        "failed_jobs": len(failed),
        "logs": logs,
        "return_format": {
            "content": bool(wanted.return_content),
            "urls": not wanted.return_content,
        },
    }


async def _log(forge: Forge, wanted: GetJobLogs, job_id: int) -> JsonObject:
    path = f"{wanted.path_prefix}/actions/jobs/{job_id}/logs"
    if not wanted.return_content:
        answer = await forge.send("GET", path)
        return {
            "job_id": job_id,
            "logs_url": answer.headers.get("location", str(answer.url)),
            "message": "Job logs are available for download",
        }
    lines = (await forge.text(path)).splitlines()
    return {
        "job_id": job_id,
        "logs_content": "\n".join(lines[-max(1, wanted.tail_lines) :]),
        "message": "Job logs content retrieved successfully",
        "original_length": len(lines),
    }


async def _trigger(forge: Forge, wanted: ActionsRunTrigger) -> JsonObject:
    actions = f"{wanted.path_prefix}/actions"
    if wanted.method == "run_workflow":
        if not wanted.workflow_id or not wanted.ref:
            raise ToolFailed("workflow_id and ref are required for run_workflow")
        inputs: JsonObject = dict(wanted.inputs or {})
        answer = await forge.send(
            "POST",
            f"{actions}/workflows/{wanted.workflow_id}/dispatches",
            {"ref": wanted.ref, "inputs": inputs},
        )
        done: JsonObject = {
            "message": "Workflow run has been queued",
            "workflow_id": wanted.workflow_id,
            "ref": wanted.ref,
            "inputs": inputs,
        }
    else:
        if wanted.run_id is None:
            raise ToolFailed(f"missing required parameter: run_id (method {wanted.method} needs it)")
        verb, operation, message = _RUN_OPERATIONS[wanted.method]
        answer = await forge.send(verb, f"{actions}/runs/{wanted.run_id}/{operation}")
        done = {"message": message, "run_id": wanted.run_id}
    status = f"{answer.status_code} {answer.reason_phrase}"
    return {**done, "status": status, "status_code": answer.status_code}
