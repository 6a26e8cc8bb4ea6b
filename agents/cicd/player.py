"""CI repair without a language model: classify each log, let the complaining tool fix it, verify, commit."""

from __future__ import annotations

from collections.abc import Generator, Mapping

from agents.cicd.tools import CiFixAnswer, CiToolbox, DiagnosedJob, Diagnosis, Seen
from slipway.agentkit.play import Play, ToolCall, attempt_all, call
from slipway.domain.errors import NeedsHuman, Permanent
from slipway.domain.evidence import CiClass
from slipway.playbooks.base import Probe, ProbeResult
from slipway.playbooks.ci import fix

_COMMIT_TYPES: dict[CiClass, str] = {
    "lint": "style",
    "format": "style",
    "import_error": "fix",
    "type_error": "fix",
    "missing_dependency": "build",
    "test_timeout": "test",
}


def play(toolbox: CiToolbox) -> Play[CiFixAnswer]:
    """Fix one failed job after the other on the same edits, then prove and commit all at once."""
    outcome = yield from call("diagnose")
    jobs = Diagnosis.model_validate_json(outcome.text).jobs
    if not jobs:
        return CiFixAnswer(summary="An earlier attempt of this round already pushed the fix.")
    seen: set[tuple[CiClass, str]] = set()
    for job in jobs:
        failure = (job.diagnosis.ci_class, job.diagnosis.line)
        # Every entry of a matrix fails in the same way; the repair of the first is that of all.
        if failure not in seen:
            seen.add(failure)
            yield from _repair(job, toolbox)
    if not toolbox.checkout.edits:
        raise NeedsHuman(
            f"the tools found nothing to change for {_said(jobs[0])}; "
            f"the failure may come from CI's own set-up"
        )
    classes = list(dict.fromkeys(job.diagnosis.ci_class for job in jobs))
    try:
        yield from call("verify")
    except Permanent as error:
        raise NeedsHuman(f"the automatic fix for {_said(jobs[0])} did not hold: {error}") from error
    summary = f"fix {' and '.join(each.replace('_', ' ') for each in classes)} found by CI"
    yield from call("commit_fix", message=f"{_COMMIT_TYPES.get(classes[0], 'fix')}: {summary}")
    return CiFixAnswer(summary=f"{summary[0].upper()}{summary[1:]}.")


def _repair(job: DiagnosedJob, toolbox: CiToolbox) -> Play[None]:
    fixing: Generator[Probe, ProbeResult, Mapping[str, str | None]] = fix(
        job.diagnosis, job.job.log, toolbox.checkout.tree
    )
    try:
        probe = next(fixing)
        while True:
            outcome = yield from call(
                "run_command",
                command=probe.command,
                files=dict(probe.files),
                timeout_seconds=probe.timeout_seconds,
            )
            seen = Seen.model_validate_json(outcome.text)
            probe = fixing.send(ProbeResult(exit_code=seen.exit_code, output=seen.output))
    except StopIteration as stop:
        changes: Mapping[str, str | None] = stop.value
    except NeedsHuman as error:
        raise NeedsHuman(f"{_said(job)}: {error}") from error
    calls = [
        ToolCall("delete_file", {"path": path})
        if text is None
        else ToolCall("write_file", {"path": path, "content": text})
        for path, text in changes.items()
    ]
    for each in (yield from attempt_all(*calls)):
        if each.failed:
            raise Permanent(each.text)


def _said(job: DiagnosedJob) -> str:
    return f"CI job {job.job.name!r} ({job.diagnosis.ci_class}: {job.diagnosis.line.strip()}, {job.job.url})"
