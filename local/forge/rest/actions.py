"""Actions: workflows, runs, jobs, logs, and running again."""

from __future__ import annotations

import io
import zipfile

from pydantic import Field
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from local.forge.actions.progress import cancel_run, jobs_of, log_path, next_attempt
from local.forge.actions.triggers import start_dispatch, workflows_at
from local.forge.actions.workflow_file import WorkflowFile
from local.forge.errors import Refused, not_found, unprocessable
from local.forge.records import Job, WorkflowRun
from local.forge.rest.owned import owned
from local.forge.shapes import workflow as shapes
from local.forge.shapes.account import Shape
from local.forge.web import Body, Call, Endpoint, created, no_content, ok


class DispatchBody(Body):
    """A run to start by hand."""

    ref: str
    inputs: dict[str, str | bool | int | float] = Field(default_factory=dict)


def list_workflows(call: Call) -> Response:
    """List the workflow files of the default branch."""
    return call.listing(_workflows(call), lambda found: _workflow_body(call, found), wrap="workflows")


def get_workflow(call: Call) -> Response:
    """Describe a workflow, by its number or file name."""
    return ok(_workflow_body(call, _workflow(call)))


def list_runs(call: Call) -> Response:
    """List runs, newest first, filtered as GitHub filters."""
    return call.listing(_runs(call), lambda run: shapes.run(call.forge, run), wrap="workflow_runs")


def list_workflow_runs(call: Call) -> Response:
    """List the runs of one workflow."""
    path = _workflow_path(call)
    found = [run for run in _runs(call) if run.path == path]
    return call.listing(found, lambda run: shapes.run(call.forge, run), wrap="workflow_runs")


def get_run(call: Call) -> Response:
    """Describe a run."""
    return ok(shapes.run(call.forge, _run(call)))


def get_attempt(call: Call) -> Response:
    """Describe one attempt of a run."""
    run, attempt = _run(call), call.number("attempt")
    if not 1 <= attempt <= run.attempt:
        raise not_found()
    body = shapes.run(call.forge, run)
    if attempt == run.attempt:
        return ok(body)
    jobs = jobs_of(call.forge, run, attempt=attempt)
    ended = {job.conclusion for job in jobs}
    conclusion = next((bad for bad in ("failure", "cancelled", "timed_out") if bad in ended), "success")
    return ok({**body, "run_attempt": attempt, "status": "completed", "conclusion": conclusion})


def list_jobs(call: Call) -> Response:
    """List the jobs of a run: of the latest attempt, or of all with `filter=all`."""
    run = _run(call)
    attempts = range(1, run.attempt + 1) if call.query("filter") == "all" else [run.attempt]
    found = [job for attempt in attempts for job in jobs_of(call.forge, run, attempt=attempt)]
    return call.listing(found, lambda job: shapes.job(call.forge, job), wrap="jobs")


def list_attempt_jobs(call: Call) -> Response:
    """List the jobs of one attempt."""
    found = jobs_of(call.forge, _run(call), attempt=call.number("attempt"))
    return call.listing(found, lambda job: shapes.job(call.forge, job), wrap="jobs")


def get_job(call: Call) -> Response:
    """Describe a job."""
    return ok(shapes.job(call.forge, _job(call)))


def get_job_logs(call: Call) -> Response:
    """Send the reader on to the log, as GitHub does."""
    job = _job(call)
    if job.status != "completed":
        raise not_found()
    return RedirectResponse(f"{call.forge.urls.base}/_logs/jobs/{job.id}", status_code=302)


def get_run_logs(call: Call) -> Response:
    """Send the reader on to the archive of logs."""
    run = _run(call)
    attempt = int(call.request.path_params.get("attempt", run.attempt))
    return RedirectResponse(f"{call.forge.urls.base}/_logs/runs/{run.id}/{attempt}", status_code=302)


def read_job_log(call: Call) -> Response:
    """Send a job's log."""
    job = call.forge.store.jobs.get(call.number("job_id"))
    if job is None or not log_path(call.forge, job).is_file():
        raise not_found()
    return PlainTextResponse(log_path(call.forge, job).read_text())


def read_run_logs(call: Call) -> Response:
    """Send the logs of an attempt as a zip."""
    run = call.forge.store.runs.get(call.number("run_id"))
    if run is None:
        raise not_found()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, job in enumerate(jobs_of(call.forge, run, attempt=call.number("attempt"))):
            if log_path(call.forge, job).is_file():
                name = job.name.replace("/", "_")
                archive.writestr(f"{place}_{name}.txt", log_path(call.forge, job).read_text())
    return Response(packed.getvalue(), media_type="application/zip")


def list_artifacts(call: Call) -> Response:
    """List artifacts: they live for the run only, so there are none."""
    _run(call)
    return ok({"total_count": 0, "artifacts": []})


def rerun(call: Call) -> Response:
    """Run everything again: the same run, its next attempt."""
    run = _run(call)
    if run.status != "completed":
        raise Refused(403, f"The workflow run containing this job is already running: {run.id}")
    call.forge.enqueue(next_attempt(call.forge, run))
    return created({})


def rerun_failed(call: Call) -> Response:
    """Run again because of failed jobs; jobs share a runner here, so all of them run."""
    run = _run(call)
    if run.status == "completed" and run.conclusion == "success":
        raise Refused(403, "The workflow run has no failed jobs to run again.")
    return rerun(call)


def rerun_job(call: Call) -> Response:
    """Run again because of one job."""
    run = call.forge.store.runs.get(_job(call).run_id)
    if run is None:
        raise not_found()
    call.request.path_params["run_id"] = str(run.id)
    return rerun(call)


def cancel(call: Call) -> Response:
    """Cancel a run that has not ended."""
    run = _run(call)
    if run.status == "completed":
        raise Refused(409, "Cannot cancel a workflow run that is completed.")
    cancel_run(call.forge, run)
    return ok({}, status=202)


def dispatch(call: Call) -> Response:
    """Start a workflow by hand."""
    asked, path = call.parse(DispatchBody), _workflow_path(call)
    branch = asked.ref.removeprefix("refs/heads/")
    ref = call.git.ref(f"refs/heads/{branch}")
    if ref is None:
        raise unprocessable(f"No ref found for: {asked.ref}")
    found = [flow for flow in workflows_at(call.forge, call.repository, ref.sha) if flow.path == path]
    if not found:
        raise unprocessable(f"Workflow {path} does not exist on {branch}")
    start_dispatch(
        call.forge,
        call.repository,
        found[0],
        branch=branch,
        sha=ref.sha,
        inputs={name: _as_input(value) for name, value in asked.inputs.items()},
        actor=call.signed_in.account,
    )
    return no_content()


def _as_input(value: str | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _workflows(call: Call) -> list[WorkflowFile]:
    sha = call.git.resolve(call.repository.default_branch)
    return workflows_at(call.forge, call.repository, sha) if sha else []


def _workflow(call: Call) -> WorkflowFile:
    path = _workflow_path(call)
    found = next((flow for flow in _workflows(call) if flow.path == path), None)
    if found is None:
        raise not_found()
    return found


def _workflow_path(call: Call) -> str:
    wanted, here = call.text("workflow"), call.repository
    known = {flow.path for flow in _workflows(call)} | {run.path for run in _all_runs(call)}
    for path in sorted(known):
        if wanted in (str(shapes.workflow_id(here, path)), path, path.rsplit("/", 1)[-1]):
            return path
    raise not_found()


def _workflow_body(call: Call, found: WorkflowFile) -> Shape:
    return shapes.workflow(call.forge, call.repository, path=found.path, name=found.name)


def _all_runs(call: Call) -> list[WorkflowRun]:
    here = call.repository.id
    return call.forge.store.runs.where(lambda run: run.repository_id == here)[::-1]


def _runs(call: Call) -> list[WorkflowRun]:
    branch, sha, event = call.query("branch"), call.query("head_sha"), call.query("event")
    status, actor = call.query("status"), call.query("actor")
    suite = call.query("check_suite_id")
    return [
        run
        for run in _all_runs(call)
        if branch in (None, run.head_branch)
        and sha in (None, run.head_sha)
        and event in (None, run.event)
        and status in (None, run.status, run.conclusion)
        and suite in (None, str(run.suite_id))
        and actor in (None, call.forge.account(run.actor_id).login)
    ]


def _run(call: Call) -> WorkflowRun:
    return owned(call, call.forge.store.runs.get, "run_id")


def _job(call: Call) -> Job:
    return owned(call, call.forge.store.jobs.get, "job_id")


_ACTIONS = "/repos/{owner}/{repo}/actions"
_WORKFLOW = f"{_ACTIONS}/workflows/{{workflow}}"
_RUN = f"{_ACTIONS}/runs/{{run_id}}"
_ATTEMPT = f"{_RUN}/attempts/{{attempt}}"
_JOB = f"{_ACTIONS}/jobs/{{job_id}}"
_WRITE = "actions"
ENDPOINTS = (
    Endpoint("GET", f"{_ACTIONS}/workflows", list_workflows),
    Endpoint("GET", _WORKFLOW, get_workflow),
    Endpoint("GET", f"{_WORKFLOW}/runs", list_workflow_runs),
    Endpoint("POST", f"{_WORKFLOW}/dispatches", dispatch, access="write", permission=_WRITE),
    Endpoint("GET", f"{_ACTIONS}/runs", list_runs),
    Endpoint("GET", _RUN, get_run),
    Endpoint("GET", f"{_RUN}/jobs", list_jobs),
    Endpoint("GET", f"{_RUN}/logs", get_run_logs, access="signed-in"),
    Endpoint("GET", f"{_RUN}/artifacts", list_artifacts),
    Endpoint("POST", f"{_RUN}/rerun", rerun, access="write", permission=_WRITE),
    Endpoint("POST", f"{_RUN}/rerun-failed-jobs", rerun_failed, access="write", permission=_WRITE),
    Endpoint("POST", f"{_RUN}/cancel", cancel, access="write", permission=_WRITE),
    Endpoint("GET", _ATTEMPT, get_attempt),
    Endpoint("GET", f"{_ATTEMPT}/jobs", list_attempt_jobs),
    Endpoint("GET", f"{_ATTEMPT}/logs", get_run_logs, access="signed-in"),
    Endpoint("GET", _JOB, get_job),
    Endpoint("GET", f"{_JOB}/logs", get_job_logs, access="signed-in"),
    Endpoint("POST", f"{_JOB}/rerun", rerun_job, access="write", permission=_WRITE),
)
LOG_ENDPOINTS = (
    Endpoint("GET", "/_logs/jobs/{job_id}", read_job_log),
    Endpoint("GET", "/_logs/runs/{run_id}/{attempt}", read_run_logs),
)
