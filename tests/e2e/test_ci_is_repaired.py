"""CI that fails after the work: what tools can fix is fixed and ends green, the rest goes to a person."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from difflib import unified_diff
from pathlib import Path
from textwrap import dedent

import pytest

from local.sample_org import TicketFile
from local.supervisor.provision import import_repository
from scripts.delivery_report import delivery_report
from slipway.domain.event import EventKind
from slipway.domain.task import TaskState
from slipway.services.decide_approval import DecisionOrder, decide_approval
from tests.e2e.laptop import Laptop

pytestmark = pytest.mark.e2e

WORKFLOW = """
    name: CI
    on:
      push:
        branches: [main]
      pull_request:
    jobs:
      checks:
        runs-on: ubuntu-latest
        steps:
          - uses: actions/checkout@v4
          - uses: actions/setup-python@v5
            with:
              python-version: "3.11"
          - run: python -m pip install pytest ruff
          - name: What every change must pass
            run: sh ci/checks.sh
    """
PYPROJECT = """
    [project]
    name = "{name}"
    version = "0.1.0"
    requires-python = ">=3.11"

    [tool.pytest.ini_options]
    testpaths = ["tests"]
    pythonpath = ["src"]
    """


def test_a_violation_that_only_ci_sees_is_repaired_and_the_pull_request_ends_green(
    laptop: Laptop, tmp_path: Path
) -> None:
    before = dedent(
        """
        \"\"\"Areas of plots.\"\"\"


        def plot_area(width: float, length: float) -> float:
            \"\"\"Area of a rectangular plot.\"\"\"
            return width * length
        """
    ).lstrip()
    after = before.replace("\n\n\ndef", "\n\nimport math\nimport statistics\n\n\ndef", 1) + dedent(
        """

        def round_area(radius: float) -> float:
            \"\"\"Area of a round plot.\"\"\"
            return math.pi * radius**2
        """
    )
    path = "src/surveying/areas.py"
    repository = hosted(
        laptop,
        tmp_path / "surveying",
        {
            "ci/checks.sh": "set -e\npython -m pytest -q\nruff check src\n",
            "src/surveying/__init__.py": "",
            path: before,
            "tests/test_areas.py": """
                from surveying.areas import plot_area


                def test_areas() -> None:
                    assert plot_area(2, 3) == 6
                """,
        },
    )
    change = "\n".join(
        unified_diff(before.splitlines(), after.splitlines(), f"a/{path}", f"b/{path}", lineterm="")
    )
    task_id = approved(
        laptop,
        TicketFile(
            summary="Apply the attached patch to surveying: areas of round plots",
            description=f"The surveyors sent this change of `{path}`:\n\n```diff\n{change}\n```",
        ),
    )

    task = laptop.wait_for(task_id, TaskState.DONE)

    events = laptop.platform.event_log.events(task.id)
    concluded = [event.detail["state"] for event in events if event.kind is EventKind.CI_CONCLUDED]
    assert concluded == ["failure", "success"]
    (pull,) = delivery_report(laptop.platform, task).pull_requests
    assert (pull.repository, pull.ci, pull.draft) == (repository, "success", False)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--branch", pull.branch, pull.clone_url, str(clone))
    last, earlier = (git(clone, "log", "-1", "--format=%(trailers)", at) for at in ("HEAD", "HEAD~1"))
    assert "Slipway-Agent: cicd" in last
    assert "Slipway-Agent: execution" in earlier
    assert git(clone, "diff", "--name-only", "HEAD~1") == f"{path}\n"
    assert (clone / path).read_text(encoding="utf-8") == after.replace("import statistics\n", "")


def test_a_failure_that_no_tool_can_fix_is_escalated_with_its_line_and_the_job(
    laptop: Laptop, tmp_path: Path
) -> None:
    repository = hosted(
        laptop,
        tmp_path / "parcels",
        {
            "ci/checks.sh": """
                set -e
                python -m pytest -q
                PYTHONPATH=src python ci/promise.py
                """,
            "ci/promise.py": """
                \"\"\"What the contract with the carrier promises.\"\"\"

                from parcels.pickup import MAX_PARCELS

                assert MAX_PARCELS <= 20, f"the carrier takes 20 parcels, not {MAX_PARCELS}"
                """,
            "src/parcels/__init__.py": "",
            "src/parcels/pickup.py": """
                \"\"\"Pick-ups by the carrier.\"\"\"

                MAX_PARCELS = 20


                def fits(count: int) -> bool:
                    \"\"\"Whether one pick-up takes so many parcels.\"\"\"
                    return count <= MAX_PARCELS
                """,
            "tests/test_pickup.py": """
                from parcels.pickup import fits


                def test_a_pickup_takes_some_parcels() -> None:
                    assert fits(3)
                """,
        },
    )
    task_id = approved(
        laptop,
        TicketFile(
            summary="Increase MAX_PARCELS from 20 to 35 in parcels",
            description="Please increase `MAX_PARCELS` in `parcels.pickup` from 20 to 35.",
        ),
    )

    task = laptop.wait_for(task_id, TaskState.ESCALATED)

    assert task.reason is not None
    assert "AssertionError: the carrier takes 20 parcels, not 35" in task.reason
    assert f"{repository}/actions/runs/" in task.reason


def hosted(laptop: Laptop, folder: Path, files: Mapping[str, str]) -> str:
    """A repository of the test's own in the forge, CI included; returns `owner/name`."""
    own = {".github/workflows/ci.yml": WORKFLOW, "pyproject.toml": PYPROJECT.format(name=folder.name)}
    for path, text in {**own, **files}.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all")
    who = ("-c", "user.name=Dana", "-c", "user.email=dana@acme.example")
    git(folder, *who, "commit", "--quiet", "--message", "feat: start")
    return import_repository(laptop.record.addresses, folder)


def approved(laptop: Laptop, ticket: TicketFile) -> str:
    """File a ticket and approve its plan; returns the task's id."""
    task_id = laptop.task_of(laptop.file(ticket))
    laptop.wait_for(task_id, TaskState.AWAITING_APPROVAL)
    decide_approval(
        DecisionOrder(task_id=task_id, decision="approve", actor="olive", channel="cli"), laptop.platform
    )
    return task_id


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout
