"""From act's lines to GitHub's jobs, steps and logs."""

from __future__ import annotations

import json

from local.forge.actions.act_output import JobResult, read_jobs
from local.forge.actions.workflow_file import parse_workflow

WORKFLOW = parse_workflow(
    ".github/workflows/ci.yml",
    "name: CI\non: push\njobs:\n  test:\n    runs-on: x\n    strategy: {matrix: {python: [3.11, 3.12]}}\n"
    "    steps:\n      - uses: actions/checkout@v4\n      - {id: red, run: pytest -q}\n"
    "      - run: echo never\n"
    "  after: {needs: test, runs-on: x, steps: []}\n",
)


def line(msg: str, *, step: str = "", second: int = 0, **fields: object) -> str:
    base = {
        "msg": msg,
        "job": "CI/test-1",
        "jobID": "test",
        "level": "info",
        "time": f"2026-01-02T03:04:{second:02d}Z",
        "matrix": {"python": "3.11"},
    }
    where = {"stage": "Main", "step": step, "stepID": [step]} if step else {}
    return json.dumps({**base, **where, **fields})


def red_job() -> JobResult:
    (job,) = read_jobs(
        [
            "not json",
            line("⭐ Run Main actions/checkout@v4", step="0"),
            line("  ❗  ::error::branch not found", step="0", level="error"),
            line("Failed but continue next step", step="0"),
            line("  ❌  Failure", step="0", stepResult="failure", second=1),
            line("⭐ Run Main pytest -q", step="red", second=2),
            line("\x1b[31m1 failed\x1b[0m\n", step="red", raw_output=True, second=3),
            line("  ❌  Failure", step="red", stepResult="failure", second=4),
            line("exit status 1", step="red", level="error", second=4),
            line("🏁  Job failed", jobResult="failure", second=5),
        ],
        WORKFLOW,
    )
    return job


def test_a_matrix_job_is_named_with_its_values() -> None:
    assert red_job().name == "test (3.11)"


def test_a_forgiven_failure_is_a_success_and_a_step_that_never_ran_is_skipped() -> None:
    assert [(step.name, step.conclusion) for step in red_job().steps] == [
        ("Set up job", "success"),
        ("Run actions/checkout@v4", "success"),
        ("Run pytest -q", "failure"),
        ("Run echo never", "skipped"),
        ("Complete job", "success"),
    ]


def test_the_log_has_groups_errors_and_timestamps_and_no_colours() -> None:
    lines = red_job().log.splitlines()
    assert lines[0] == "2026-01-02T03:04:00.0000000Z ##[group]Run actions/checkout@v4"
    assert "2026-01-02T03:04:00.0000000Z ##[error]branch not found" in lines
    assert "2026-01-02T03:04:03.0000000Z 1 failed" in lines
    assert "2026-01-02T03:04:04.0000000Z ##[error]Process completed with exit code 1." in lines
    assert lines[-1].endswith("Complete job name: test (3.11)")


def test_a_job_that_never_ran_gives_no_result() -> None:
    assert red_job().conclusion == "failure"
    assert read_jobs([], WORKFLOW) == []
