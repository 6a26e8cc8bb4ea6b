"""What a finished task has to show: pull requests, diff, red and green evidence, CI, cost and time."""

from __future__ import annotations

from pydantic import BaseModel
from rich.console import Group, RenderableType
from rich.text import Text

from scripts.output import table
from slipway.domain import artifact_keys
from slipway.domain.evidence import CheckRun, ExecutionResult
from slipway.domain.run import RunRecord
from slipway.domain.step import Step
from slipway.domain.task import PullRequest, Task
from slipway.ports.platform import Platform


class Proof(BaseModel, frozen=True):
    """One recorded test run."""

    command: str
    exit_code: int


class Evidence(BaseModel, frozen=True):
    """The first red run and the last green run."""

    red: Proof | None = None
    green: Proof | None = None


class ChangedFile(BaseModel, frozen=True):
    """One line of the diff summary."""

    path: str
    additions: int
    deletions: int


class ReportedPullRequest(BaseModel, frozen=True):
    """A pull request as it stands."""

    repository: str
    number: int
    url: str
    head_sha: str
    draft: bool
    ci: str
    ci_note: str
    branch: str
    clone_url: str
    files: tuple[ChangedFile, ...] = ()


class DeliveryReport(BaseModel, frozen=True):
    """The JSON of `slipway demo`; keys are stable. Cost in USD, duration in seconds."""

    task_id: str
    ticket: str
    state: str
    reason: str | None
    pull_requests: tuple[ReportedPullRequest, ...]
    evidence: Evidence
    cost_usd: float
    duration_s: float


def delivery_report(platform: Platform, task: Task) -> DeliveryReport:
    """Gathered from the forge and the artifacts, not from what an agent said."""
    return DeliveryReport(
        task_id=task.id,
        ticket=task.ticket_key,
        state=task.state,
        reason=task.reason,
        pull_requests=tuple(_pull_request(platform, pull) for pull in task.pull_requests),
        evidence=_evidence(platform, task),
        cost_usd=task.cost_usd,
        duration_s=round(((task.ended_at or task.updated_at) - task.created_at).total_seconds(), 1),
    )


def render(report: DeliveryReport) -> RenderableType:
    """For a person."""
    proof = report.evidence
    lines: list[RenderableType] = [Text(f"{report.ticket} {report.state}", style="bold")]
    if report.reason:
        lines.append(Text(report.reason))
    for pull in report.pull_requests:
        lines += [
            "",
            Text(
                f"{pull.url}  {pull.ci_note or f'CI {pull.ci}'}{', draft' if pull.draft else ''}",
                style="bold",
            ),
            table(("file", "+", "-"), [(f.path, str(f.additions), str(f.deletions)) for f in pull.files]),
            Text(f"git clone --branch {pull.branch} {pull.clone_url}", style="dim"),
        ]
    for colour, run in (("red", proof.red), ("green", proof.green)):
        if run:
            lines.append(Text(f"{colour:<6} exit {run.exit_code}  {run.command}", style=colour))
    lines.append(Text(f"cost ${report.cost_usd:.2f} · {report.duration_s:.1f} s"))
    return Group(*lines)


def _pull_request(platform: Platform, pull: PullRequest) -> ReportedPullRequest:
    now = platform.forge.pull_request(pull.repository, pull.number)
    return ReportedPullRequest(
        repository=pull.repository,
        number=pull.number,
        url=now.url,
        head_sha=now.head_sha,
        draft=now.draft,
        ci=pull.ci,
        ci_note=pull.ci_note,
        branch=now.branch,
        clone_url=f"{now.url.rsplit('/pull/', 1)[0]}.git",
        files=tuple(
            ChangedFile(path=f.path, additions=f.additions, deletions=f.deletions)
            for f in platform.forge.changed_files(pull.repository, pull.number)
        ),
    )


def _evidence(platform: Platform, task: Task) -> Evidence:
    runs = _recorded_runs(platform, task)
    red = next((run for run in runs if run.phase == "red"), None)
    green = next((run for run in reversed(runs) if run.phase == "green"), None)
    return Evidence(red=_proof(red), green=_proof(green))


def _recorded_runs(platform: Platform, task: Task) -> tuple[CheckRun, ...]:
    attempt = task.attempts.get(Step.EXECUTE)
    if attempt is None:
        return ()
    key = artifact_keys.run_result(task.id, Step.EXECUTE, attempt)
    if not platform.artifacts.exists(key):
        return ()
    record = RunRecord.model_validate_json(platform.artifacts.get(key))
    return () if record.response is None else ExecutionResult.model_validate(record.response).evidence


def _proof(run: CheckRun | None) -> Proof | None:
    return None if run is None else Proof(command=run.command, exit_code=run.exit_code)
