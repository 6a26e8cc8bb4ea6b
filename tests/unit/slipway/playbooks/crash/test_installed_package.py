"""A repository's own package, installed like a library, is still the repository's."""

from __future__ import annotations

from pathlib import Path

from slipway.playbooks.crash.playbook import CrashPlaybook
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
