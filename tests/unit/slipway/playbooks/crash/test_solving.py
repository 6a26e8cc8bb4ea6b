"""Crash tickets end in a commit whose test was red before and is green after, in all kinds of places."""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from tests.unit.slipway.playbooks.crash.bench import Case, Workplace, solve
from tests.unit.slipway.playbooks.crash.cases import empty, missing, none, parsing, wanted, zero

CASES = (*zero.CASES, *empty.CASES, *missing.CASES, *none.CASES, *parsing.CASES, *wanted.CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_crash_ends_in_a_small_proven_guard(case: Case, tmp_path: Path) -> None:
    workplace = Workplace(tmp_path, case.tree())

    solution = solve(case, workplace)

    item, (task,) = solution.item, solution.draft.tasks
    files = {**item.tests, **item.changes}
    assert solution.exit_code(item.red_command, item.tests) == 1
    assert solution.exit_code(item.green_command, files) == 0
    assert solution.exit_code("python -m pytest -q", files) == 0
    assert set(item.tests) <= set(task.test_files)
    assert set(item.changes) <= set(task.source_files)
    assert changed_lines(case, item.changes) <= 12
    promised = workplace.run(f"python -c {shlex.quote(dedent(case.then).strip())}", files)
    assert promised.exit_code == 0, promised.output


def changed_lines(case: Case, changes: Mapping[str, str | None]) -> int:
    """Lines added or taken away in the sources."""
    count = 0
    for path, text in changes.items():
        before, after = case.tree()[path].splitlines(), (text or "").splitlines()
        count += sum(line[:1] in "+-" for line in difflib.unified_diff(before, after, lineterm="", n=0)) - 2
    return count
