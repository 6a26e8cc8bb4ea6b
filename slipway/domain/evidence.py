"""What proves a step: red and green runs, commits, CI runs; recorded by the platform, never by a model."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from slipway.domain.camel import Contract


class CheckRun(Contract):
    """One command run in the sandbox by the platform; `output` is the last part of what it printed."""

    repository: str
    phase: Literal["red", "green"]
    task_id: int = Field(description="Id of the plan's task that this proves.")
    command: str
    exit_code: int
    output: str = ""
    duration_seconds: float = 0.0


class Commit(Contract):
    """One commit pushed through the forge's API."""

    repository: str
    branch: str
    sha: str
    message: str
    task_id: int
    files: tuple[str, ...]


class ExecutionResult(Contract):
    """The execution agent's answer: what was committed and the evidence for it."""

    commits: tuple[Commit, ...]
    evidence: tuple[CheckRun, ...]
    head_shas: dict[str, str] = Field(description="Repository to the SHA its branch ended at.")
    attempts: dict[str, int] = Field(default_factory=dict, description="Plan task id to attempts used.")
    summary: str


CiClass = Literal[
    "lint",
    "format",
    "import_error",
    "type_error",
    "missing_dependency",
    "test_timeout",
    "test_failure",
    "compile",
    "infra",
    "security",
]
AUTO_FIXABLE: frozenset[CiClass] = frozenset(
    {"lint", "format", "import_error", "type_error", "missing_dependency", "test_timeout"}
)


class CiDiagnosis(Contract):
    """Why a CI job failed: its class and the log line that shows it."""

    ci_class: CiClass = Field(alias="class")
    auto_fixable: bool
    line: str
    explanation: str = ""


class CiFixResult(Contract):
    """The cicd agent's answer for one round."""

    repository: str
    diagnosis: CiDiagnosis
    fixed: bool
    commits: tuple[Commit, ...] = ()
    evidence: tuple[CheckRun, ...] = ()
    head_sha: str = ""
    summary: str


class CheckConclusion(Contract):
    """One check of one head SHA as the forge reports it."""

    name: str
    status: Literal["queued", "in_progress", "completed"]
    conclusion: str | None = None
    url: str = ""
    job_id: int | None = None


class CiReport(Contract):
    """The checks of a pull request's current head; nothing known is `unknown`, never green."""

    repository: str
    number: int
    head_sha: str
    state: Literal["unknown", "pending", "success", "failure"]
    checks: tuple[CheckConclusion, ...] = ()


def ci_state(checks: tuple[CheckConclusion, ...]) -> Literal["unknown", "pending", "success", "failure"]:
    """Any unfinished: pending; any not success, neutral or skipped: failure; all skipped or none: unknown."""
    if not checks:
        return "unknown"
    if any(check.status != "completed" for check in checks):
        return "pending"
    if any(check.conclusion not in {"success", "neutral", "skipped"} for check in checks):
        return "failure"
    return "success" if any(check.conclusion == "success" for check in checks) else "unknown"
