"""The spine: a labelled ticket becomes a pull request in a real repository, with CI green."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.delivery_report import delivery_report
from slipway.domain.event import EventKind
from slipway.domain.task import Task, TaskState
from slipway.services.decide_approval import DecisionOrder, decide_approval
from tests.e2e.laptop import Laptop

pytestmark = pytest.mark.e2e

IN_ORDER = [
    EventKind.TASK_ACCEPTED,
    EventKind.TASK_STARTED,
    EventKind.PLAN_PUBLISHED,
    EventKind.APPROVAL_REQUESTED,
    EventKind.APPROVAL_DECIDED,
    EventKind.EVIDENCE_RECORDED,
    EventKind.COMMIT_PUSHED,
    EventKind.DELIVERY_CHECKED,
    EventKind.CI_CONCLUDED,
    EventKind.TASK_ENDED,
]


def carried_out(laptop: Laptop, task_id: str) -> Task:
    laptop.wait_for(task_id, TaskState.AWAITING_APPROVAL)
    decide_approval(
        DecisionOrder(task_id=task_id, decision="approve", actor="olive", channel="cli"), laptop.platform
    )
    return laptop.wait_for(task_id, TaskState.DONE)


def test_a_crash_ticket_ends_as_a_green_pull_request_that_anyone_can_clone(
    laptop: Laptop, tmp_path: Path
) -> None:
    task = carried_out(laptop, laptop.file_sample("default"))

    report = delivery_report(laptop.platform, task)
    (pull,) = report.pull_requests
    assert (report.state, pull.ci, pull.draft) == ("done", "success", False)
    assert report.evidence.red is not None
    assert report.evidence.green is not None
    assert report.evidence.red.exit_code != 0
    assert report.evidence.green.exit_code == 0

    kinds = laptop.kinds(task.id)
    assert [kind for kind in IN_ORDER if kind in kinds] == IN_ORDER
    assert sorted(map(kinds.index, IN_ORDER)) == list(map(kinds.index, IN_ORDER))

    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--branch", pull.branch, pull.clone_url, str(clone))
    assert git(clone, "rev-parse", "HEAD").strip() == pull.head_sha
    trailers = git(clone, "log", "-1", "--format=%(trailers)", "HEAD")
    assert f"Slipway-Task: {task.id}" in trailers
    assert "Slipway-Agent: execution" in trailers
    assert "Slipway-Model: deterministic" in trailers
    tests = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=clone,
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(clone / "src"),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert tests.returncode == 0, tests.stdout


def test_a_rename_reaches_the_repositories_that_depend_on_it(laptop: Laptop) -> None:
    task = carried_out(laptop, laptop.file_sample("rename-net-price"))
    assert len({pull.repository for pull in task.pull_requests}) == 2
    assert {pull.ci for pull in task.pull_requests} == {"success"}


@pytest.mark.parametrize(
    "ticket", ["receipt-without-address", "order-lines", "stop-wording", "update-click", "spanish"]
)
def test_each_class_of_work_ends_green(laptop: Laptop, ticket: str) -> None:
    assert carried_out(laptop, laptop.file_sample(ticket)).state is TaskState.DONE


def test_work_outside_the_classes_is_escalated_with_a_reason(laptop: Laptop) -> None:
    task = laptop.wait_for(laptop.file_sample("quick-checkout"), TaskState.ESCALATED)
    assert task.reason is not None
    assert "language model" in task.reason


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout
