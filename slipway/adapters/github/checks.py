"""Everything that GitHub holds about the checks of one commit, as one list."""

from __future__ import annotations

from typing import Literal

from github.Commit import Commit

from slipway.domain.evidence import CheckConclusion

_ACTIONS_APP = "github-actions"
_RUN_STATES: dict[str, Literal["queued", "in_progress", "completed"]] = {
    "in_progress": "in_progress",
    "completed": "completed",
}
_STATUS_CONCLUSIONS = {"success": "success", "failure": "failure", "error": "failure"}


def checks_of(commit: Commit) -> tuple[CheckConclusion, ...]:
    """Latest check runs, suites that still work on more runs, and commit statuses."""
    return (*_runs(commit), *_open_suites(commit), *_statuses(commit))


def _runs(commit: Commit) -> list[CheckConclusion]:
    return [
        CheckConclusion(
            name=run.name,
            status=_RUN_STATES.get(run.status, "queued"),
            conclusion=run.conclusion,
            url=run.html_url or "",
            job_id=run.id if run.app is not None and run.app.slug == _ACTIONS_APP else None,
        )
        for run in commit.get_check_runs(filter="latest")
    ]


def _open_suites(commit: Commit) -> list[CheckConclusion]:
    """A job that needs another has no run yet when the first one ends: its suite is still open.

    Suites without runs belong to installed apps that never report; they would stay queued for ever.
    """
    return [
        CheckConclusion(
            name=f"{suite.app.slug if suite.app else 'check'} suite {suite.id}", status="in_progress"
        )
        for suite in commit.get_check_suites()
        if suite.status != "completed" and (suite.latest_check_runs_count or 0) > 0
    ]


def _statuses(commit: Commit) -> list[CheckConclusion]:
    return [
        CheckConclusion(
            name=status.context,
            status="completed" if status.state in _STATUS_CONCLUSIONS else "in_progress",
            conclusion=_STATUS_CONCLUSIONS.get(status.state),
            url=status.target_url or "",
        )
        for status in commit.get_combined_status().statuses
    ]
