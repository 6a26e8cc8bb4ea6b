"""Writing down a run's attempt from its start to its end: jobs, checks, suite, logs and events."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from local.forge.actions.runner import Assignment, RunResult
from local.forge.actions.triggers import announce_run, workflows_at
from local.forge.actions.workflow_file import JobPlan, WorkflowFile
from local.forge.clock import now
from local.forge.events import announce
from local.forge.records import CheckRun, Conclusion, Job
from local.forge.shapes import check as check_shapes
from local.forge.shapes import workflow as shapes
from local.forge.shapes.pull_request import pull_request_summary
from local.forge.shapes.repository import full_repository

if TYPE_CHECKING:
    from local.forge.actions.act_output import JobResult
    from local.forge.forge import Forge
    from local.forge.records import WorkflowRun
    from local.forge.shapes.account import Shape


def begin_attempt(forge: Forge, run: WorkflowRun) -> WorkflowRun | None:
    """Mark a run as running, with one job for each job of its file."""
    with forge.store.lock:
        current = forge.store.runs.get(run.id)
        if current is None or current.status != "queued":
            return None
        workflow = _workflow(forge, current)
        started = forge.store.runs.put(
            replace(current, status="in_progress", started_at=now(), updated_at=now())
        )
        for plan in workflow.jobs:
            job = _new_job(forge, started, plan)
            _job_event(forge, job, "in_progress")
        _suite(forge, started, conclusion=None)
        announce_run(forge, started, "in_progress")
        return started


def end_attempt(forge: Forge, run: WorkflowRun, result: RunResult) -> None:
    """Write down how it ended, unless it was cancelled meanwhile."""
    with forge.store.lock:
        current = forge.store.runs.get(run.id)
        if current is None or current.status == "completed" or current.attempt != run.attempt:
            return
        _record_jobs(forge, current, result)
        ended = forge.store.runs.put(
            replace(current, status="completed", conclusion=result.conclusion, updated_at=now())
        )
        _suite(forge, ended, conclusion=result.conclusion)
        announce_run(forge, ended, "completed")


def cancel_run(forge: Forge, run: WorkflowRun) -> None:
    """End a run that is not wanted any more."""
    with forge.store.lock:
        for job in jobs_of(forge, run):
            if job.status != "completed":
                _finish_job(forge, job, conclusion="cancelled", log="##[error]The operation was canceled.\n")
        ended = forge.store.runs.put(
            replace(run, status="completed", conclusion="cancelled", updated_at=now())
        )
        _suite(forge, ended, conclusion="cancelled")
        announce_run(forge, ended, "completed")


def next_attempt(forge: Forge, run: WorkflowRun) -> WorkflowRun:
    """Queue a run again under the same id."""
    with forge.store.lock:
        moment = now()
        again = forge.store.runs.put(
            replace(
                run,
                attempt=run.attempt + 1,
                status="queued",
                conclusion=None,
                started_at=moment,
                updated_at=moment,
            )
        )
        _suite(forge, again, conclusion=None)
        announce_run(forge, again, "requested")
        return again


def interrupt_attempt(forge: Forge, run: WorkflowRun) -> None:
    """Cancel an attempt that a stopped process left behind, and queue the next one."""
    for job in jobs_of(forge, run):
        if job.status != "completed":
            _finish_job(forge, job, conclusion="cancelled", log="##[error]The runner was stopped.\n")
    next_attempt(forge, run)


def jobs_of(forge: Forge, run: WorkflowRun, *, attempt: int | None = None) -> list[Job]:
    """List the jobs of one attempt, the latest unless another is named."""
    wanted = attempt or run.attempt
    return forge.store.jobs.where(lambda job: job.run_id == run.id and job.attempt == wanted)


def log_path(forge: Forge, job: Job) -> Path:
    """Say where a job's log lies."""
    return forge.settings.logs / str(job.run_id) / str(job.attempt) / f"{job.id}.txt"


def assignment_for(forge: Forge, run: WorkflowRun) -> Assignment:
    """Gather what the runner needs."""
    repository = forge.repository_by_id(run.repository_id)
    return Assignment(
        workflow=_workflow(forge, run),
        bare=forge.git_path(repository),
        repositories=forge.settings.repositories,
        event=run.event,
        payload=_payload(forge, run),
        repository=repository.full_name,
        sha=run.checkout_sha,
        ref=run.ref,
        actor=forge.account(run.actor_id).login,
        run_id=run.id,
        run_number=run.run_number,
        attempt=run.attempt,
        server_url=forge.urls.base,
    )


def _payload(forge: Forge, run: WorkflowRun) -> Shape:
    repository = forge.repository_by_id(run.repository_id)
    payload: Shape = {"repository": full_repository(forge, repository)}
    if run.pull_request_number is not None:
        pull_request = forge.store.pull_requests.first(
            lambda found: found.repository_id == repository.id and found.number == run.pull_request_number
        )
        if pull_request is not None:
            payload["pull_request"] = pull_request_summary(forge, pull_request)
        return {**payload, "action": "synchronize", "number": run.pull_request_number}
    if run.event == "workflow_dispatch":
        return {**payload, "ref": run.ref, "inputs": dict(run.inputs)}
    return {**payload, "ref": run.ref, "after": run.head_sha}


def _workflow(forge: Forge, run: WorkflowRun) -> WorkflowFile:
    repository = forge.repository_by_id(run.repository_id)
    found = [flow for flow in workflows_at(forge, repository, run.checkout_sha) if flow.path == run.path]
    if not found:
        raise LookupError(f"run {run.id}: {run.path} is not in commit {run.checkout_sha}")
    return found[0]


def _new_job(forge: Forge, run: WorkflowRun, plan: JobPlan) -> Job:
    moment, job_id = now(), forge.store.next_id()
    job = forge.store.jobs.put(
        Job(
            id=job_id,
            run_id=run.id,
            repository_id=run.repository_id,
            attempt=run.attempt,
            key=plan.key,
            name=plan.name,
            status="in_progress",
            created_at=moment,
            started_at=moment,
            labels=plan.runs_on,
        )
    )
    repository = forge.repository_by_id(run.repository_id)
    forge.store.check_runs.put(
        CheckRun(
            id=job_id,
            suite_id=run.suite_id,
            repository_id=run.repository_id,
            head_sha=run.head_sha,
            name=plan.name,
            status="in_progress",
            started_at=moment,
            details_url=forge.urls.page(repository, f"/actions/runs/{run.id}/job/{job_id}"),
        )
    )
    return job


def _record_jobs(forge: Forge, run: WorkflowRun, result: RunResult) -> None:
    """Match what ran with the jobs written down before; a matrix adds jobs, a skipped job ran nothing."""
    waiting = {job.key: job for job in jobs_of(forge, run)}
    plans = {plan.key: plan for plan in _workflow(forge, run).jobs}
    for ran in result.jobs:
        job = waiting.pop(ran.key, None) or _new_job(forge, run, plans[ran.key])
        _finish_job(forge, job, conclusion=ran.conclusion, log=ran.log, ran=ran)
    nothing_ran = not result.jobs
    for job in waiting.values():
        if nothing_ran and result.conclusion != "success":
            text = result.complaint or "The workflow could not be run."
            log = "".join(f"##[error]{line}\n" for line in text.splitlines())
            _finish_job(forge, job, conclusion=result.conclusion, log=log)
        else:
            _finish_job(forge, job, conclusion="skipped", log="")


def _finish_job(
    forge: Forge, job: Job, *, conclusion: Conclusion, log: str, ran: JobResult | None = None
) -> None:
    path = log_path(forge, job)
    path.parent.mkdir(parents=True, exist_ok=True)
    stamped = log if ran else "".join(f"{_log_stamp()} {line}\n" for line in log.splitlines())
    path.write_text(stamped)
    ended = forge.store.jobs.put(
        replace(
            job,
            name=ran.name if ran else job.name,
            status="completed",
            conclusion=conclusion,
            started_at=ran.started_at if ran else job.started_at,
            completed_at=ran.completed_at if ran else now(),
            steps=ran.steps if ran else job.steps,
        )
    )
    check = forge.store.check_runs.get(job.id)
    if check is not None:
        check = forge.store.check_runs.put(
            replace(
                check,
                name=ended.name,
                status="completed",
                conclusion=conclusion,
                started_at=ended.started_at,
                completed_at=ended.completed_at,
            )
        )
        run = forge.store.runs.get(job.run_id)
        announce(
            forge,
            "check_run",
            forge.repository_by_id(job.repository_id),
            {"check_run": check_shapes.check_run(forge, check)},
            sender=forge.account(run.actor_id if run else None),
            action="completed",
        )
    _job_event(forge, ended, "completed")


def _log_stamp() -> str:
    return now().replace("Z", ".0000000Z")


def _job_event(forge: Forge, job: Job, action: str) -> None:
    run = forge.store.runs.get(job.run_id)
    announce(
        forge,
        "workflow_job",
        forge.repository_by_id(job.repository_id),
        {"workflow_job": shapes.job(forge, job)},
        sender=forge.account(run.actor_id if run else None),
        action=action,
    )


def _suite(forge: Forge, run: WorkflowRun, *, conclusion: Conclusion | None) -> None:
    suite = forge.store.check_suites.get(run.suite_id)
    if suite is None:
        return
    suite = forge.store.check_suites.put(
        replace(suite, status=run.status, conclusion=conclusion, updated_at=now())
    )
    if conclusion is not None:
        announce(
            forge,
            "check_suite",
            forge.repository_by_id(run.repository_id),
            {"check_suite": check_shapes.check_suite(forge, suite)},
            sender=forge.account(run.actor_id),
            action="completed",
        )
