"""A repository's own package, installed like a library, is still the repository's."""

from __future__ import annotations

from pathlib import Path

from slipway.domain.ticket import Ticket
from slipway.playbooks.crash.culprit import locate
from slipway.playbooks.crash.playbook import CrashPlaybook
from slipway.playbooks.crash.ticket_reading import read
from tests.unit.slipway.playbooks.workshop import REPOSITORY, Workshop, ticket, tree

CRASH = """
    Traceback (most recent call last):
      File "/opt/app/venv/lib/python3.11/site-packages/tides/tables.py", line 3, in mean
        return sum(levels) / len(levels)
    ZeroDivisionError: division by zero

    `mean([])` should return 0.0.
"""


def test_a_traceback_through_an_installed_copy_is_repaired_in_the_repository(tmp_path: Path) -> None:
    files = {
        "src/tides/__init__.py": "",
        "src/tides/tables.py": """
            def mean(levels: list[float]) -> float:
                \"\"\"Mean level.\"\"\"
                return sum(levels) / len(levels)
            """,
    }
    workshop = Workshop(folder=tmp_path, trees={REPOSITORY: tree(files)})
    workshop.solve(CrashPlaybook(), ticket("No levels, no mean", CRASH))
    assert "return 0.0" in workshop.trees[REPOSITORY]["src/tides/tables.py"]


def test_an_application_below_a_folder_of_the_system_is_still_ours() -> None:
    source = "def mean(values):\n    return sum(values) / len(values)\n"
    ticket = Ticket(
        key="ENG-1",
        summary="mean() of nothing crashes",
        description=(
            "```\nTraceback (most recent call last):\n"
            '  File "/usr/lib/tides/src/tides/tables.py", line 2, in mean\n'
            "    return sum(values) / len(values)\n"
            "ZeroDivisionError: division by zero\n```\n`mean([])` should return 0."
        ),
    )
    claim = read(ticket)
    assert claim is not None
    [site] = locate(claim, {"acme/tides": {"src/tides/tables.py": source}})
    assert site.function.path == "src/tides/tables.py"
