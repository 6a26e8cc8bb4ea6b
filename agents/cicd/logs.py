"""The logs of the jobs that failed on a pull request's head, read through the forge's official tools."""

from __future__ import annotations

import re
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from slipway.agentkit.gateway import Gateway, Reply
from slipway.domain.camel import Contract
from slipway.domain.errors import NotFound, UpstreamUnavailable
from slipway.domain.evidence import CheckConclusion, CiReport

ModelT = TypeVar("ModelT", bound=BaseModel)
FAILED = frozenset({"failure", "timed_out", "startup_failure", "action_required"})
TAIL_LINES = 5_000
_TIMESTAMP = re.compile(r"^\ufeff?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z ?", re.MULTILINE)


class FailedJob(Contract):
    """One job that failed, with its whole log; times are taken off its lines."""

    name: str
    url: str
    log: str


class _Log(BaseModel):
    job_id: int | None = None
    job_name: str = ""
    logs_content: str = ""


class _Logs(BaseModel):
    logs: list[_Log]


class _Run(BaseModel):
    id: int
    name: str | None = ""
    head_sha: str
    html_url: str = ""
    conclusion: str | None = None


class _Runs(BaseModel):
    workflow_runs: list[_Run] = []


def failed_jobs(report: CiReport, *, branch: str, gateway: Gateway) -> tuple[FailedJob, ...]:
    """By the jobs that the report names, else by the failed workflow runs of exactly this commit."""
    owner, _, name = report.repository.partition("/")
    named = [check for check in report.checks if check.conclusion in FAILED and check.job_id is not None]
    jobs = [_by_job(check, owner=owner, repository=name, gateway=gateway) for check in named]
    if not jobs:
        jobs = _by_runs(report, owner=owner, repository=name, branch=branch, gateway=gateway)
    if not jobs:
        raise NotFound(
            f"no log of a failed job was found for {report.repository} at {report.head_sha[:12]}; "
            f"look at the checks of pull request #{report.number}"
        )
    return tuple(jobs)


def _by_job(check: CheckConclusion, *, owner: str, repository: str, gateway: Gateway) -> FailedJob:
    reply = gateway.call(
        "github___get_job_logs",
        {
            "owner": owner,
            "repo": repository,
            "job_id": check.job_id,
            "return_content": True,
            "tail_lines": TAIL_LINES,
        },
    )
    return FailedJob(name=check.name, url=check.url, log=_plain(_read(reply, _Log).logs_content))


def _by_runs(
    report: CiReport, *, owner: str, repository: str, branch: str, gateway: Gateway
) -> list[FailedJob]:
    listed = gateway.call(
        "github___actions_list",
        {
            "owner": owner,
            "repo": repository,
            "method": "list_workflow_runs",
            "workflow_runs_filter": {"branch": branch},
        },
    )
    jobs = []
    for run in _read(listed, _Runs).workflow_runs:
        if run.head_sha != report.head_sha or run.conclusion not in FAILED:
            continue
        reply = gateway.call(
            "github___get_job_logs",
            {
                "owner": owner,
                "repo": repository,
                "run_id": run.id,
                "failed_only": True,
                "return_content": True,
                "tail_lines": TAIL_LINES,
            },
        )
        jobs += [
            FailedJob(name=log.job_name or run.name or "", url=run.html_url, log=_plain(log.logs_content))
            for log in _read(reply, _Logs).logs
        ]
    return jobs


def _plain(log: str) -> str:
    return _TIMESTAMP.sub("", log)


def _read(reply: Reply, model: type[ModelT]) -> ModelT:
    try:
        return model.model_validate(reply.data())
    except ValidationError as error:
        raise UpstreamUnavailable(f"the forge's answer does not hold {model.__name__.strip('_')}") from error
