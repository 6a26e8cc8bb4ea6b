# ruff: noqa: E501  (sources and messages are easier to read on one line)
"""What a log's message dictates is written, nothing else; what needs a decision goes to a person."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from slipway.domain.errors import NeedsHuman
from slipway.domain.evidence import CiClass, CiDiagnosis
from slipway.playbooks.base import ProbeResult, Tree
from slipway.playbooks.ci import classify, fix
from tests.unit.slipway.playbooks.workshop import REPOSITORY, Workshop

HOME = {
    "src/app/__init__.py": "",
    "src/app/old.py": "def kept():\n    return 1\n",
    "src/app/new.py": "class Moved:\n    pass\n",
    "src/app/main.py": "import os\nfrom app.old import Moved, kept\n\nprint(os, Moved, kept)\n",
    "pyproject.toml": '[project]\nname = "app"\nrequires-python = ">=3.11"\ndependencies = [\n    "httpx>=0.27",\n]\n',
}


def repaired(ci_class: CiClass, log: str, tree: Tree) -> Mapping[str, str | None]:
    """Repairs that need no tool."""
    diagnosis = CiDiagnosis.model_validate({"class": ci_class, "auto_fixable": True, "line": log})
    fixing = fix(diagnosis, log, tree)
    with pytest.raises(StopIteration) as stopped:
        next(fixing)
    changes: Mapping[str, str | None] = stopped.value.value
    return changes


def tidied(log: str, tree: dict[str, str], folder: Path) -> Mapping[str, str | None]:
    """Repairs by tools that really run."""
    workshop = Workshop(folder, {REPOSITORY: tree})
    diagnosis = classify(log)
    assert diagnosis.auto_fixable, diagnosis
    fixing = fix(diagnosis, log, tree)
    try:
        probe = next(fixing)
        while True:
            seen: ProbeResult = workshop.run(REPOSITORY, probe.command, probe.files)
            probe = fixing.send(seen)
    except StopIteration as stopped:
        changes: Mapping[str, str | None] = stopped.value
    return changes


def test_the_linter_repairs_what_it_found(tmp_path: Path) -> None:
    tree = {"a.py": "import os\nimport sys\n\nprint(sys)\n", "ruff.toml": 'lint.select = ["F"]\n'}
    log = (
        "a.py:1:8: F401 [*] `os` imported but unused\nFound 1 error.\n[*] 1 fixable with the `--fix` option."
    )
    assert tidied(log, tree, tmp_path) == {"a.py": "import sys\n\nprint(sys)\n"}


def test_findings_of_flake8_are_repaired_where_ruff_knows_them(tmp_path: Path) -> None:
    tree = {"a.py": "import os\nx = 1\n", "b.py": "y = 2\n"}
    assert tidied("./a.py:1:1: F401 'os' imported but unused", tree, tmp_path) == {"a.py": "x = 1\n"}


def test_the_formatter_formats_the_files_that_it_named(tmp_path: Path) -> None:
    tree = {"a.py": "x=1\n", "b.py": "y=1\n"}
    log = "Would reformat: a.py\n1 file would be reformatted, 1 file already formatted\n(ruff format --check)"
    assert tidied(log, tree, tmp_path) == {"a.py": "x = 1\n"}


def test_the_repository_says_itself_how_to_repair(tmp_path: Path) -> None:
    tree = {"a.py": "x=1\n", ".slipway.yml": "version: 1\nfix: ruff format a.py\n"}
    assert tidied("Would reformat: a.py", tree, tmp_path) == {"a.py": "x = 1\n"}


def test_a_name_is_imported_from_where_it_lives() -> None:
    log = "E   ImportError: cannot import name 'Moved' from 'app.old' (/home/runner/work/app/src/app/old.py)"
    changes = repaired("import_error", log, HOME)
    assert changes == {
        "src/app/main.py": "import os\nfrom app.old import kept\nfrom app.new import Moved\n\nprint(os, Moved, kept)\n"
    }


def test_abstract_collections_have_moved() -> None:
    tree = {"a.py": "from collections import Mapping\n"}
    log = "ImportError: cannot import name 'Mapping' from 'collections' (/usr/lib/python3.11/collections.py)"
    assert repaired("import_error", log, tree) == {"a.py": "from collections.abc import Mapping\n"}


def test_a_module_that_moved_is_found_by_its_last_name() -> None:
    tree = {**HOME, "src/app/main.py": "from app.util.new import Moved\n"}
    log = "E   ModuleNotFoundError: No module named 'app.util.new'"
    assert repaired("import_error", log, tree) == {"src/app/main.py": "from app.new import Moved\n"}


def test_a_missing_package_is_added_to_the_manifest() -> None:
    tree = {**HOME, "src/app/main.py": "import yaml\n"}
    changes = repaired("missing_dependency", "E   ModuleNotFoundError: No module named 'yaml'", tree)
    assert '"httpx>=0.27",\n    "pyyaml",\n]' in (changes["pyproject.toml"] or "")


def test_a_package_for_tests_is_added_to_what_tests_need() -> None:
    tree = {
        "app.py": "x = 1\n",
        "tests/test_app.py": "import freezegun\n",
        "requirements.txt": "httpx\n",
        "requirements-dev.txt": "mypy\npytest\n",
    }
    log = "2024-01-01T00:00:00.0000000Z ModuleNotFoundError: No module named 'freezegun'"
    assert repaired("missing_dependency", log, tree) == {"requirements-dev.txt": "freezegun\nmypy\npytest\n"}


@pytest.mark.parametrize(
    ("source", "message", "expected"),
    [
        ("def main():\n    print(1)\n", "1: error: Function is missing a return type annotation  [no-untyped-def]", "def main() -> None:\n    print(1)\n"),
        ("def f(x: str = None) -> None: ...\n", '1: error: Incompatible default for argument "x" (default has type "None", argument has type "str")  [assignment]', "def f(x: str | None = None) -> None: ...\n"),
        ("import re  # type: ignore\n", '1: error: Unused "type: ignore" comment  [unused-ignore]', "import re\n"),
        ("x = []\n", '1: error: Need type annotation for "x" (hint: "x: list[<type>] = ...")  [var-annotated]', "from typing import Any\n\nx: list[Any] = []\n"),
    ],
)  # fmt: skip
def test_types_are_written_as_the_message_says(source: str, message: str, expected: str) -> None:
    tree = {**HOME, "src/app/m.py": source}
    assert repaired("type_error", f"src/app/m.py:{message}", tree) == {"src/app/m.py": expected}


@pytest.mark.parametrize(
    ("tree", "log", "path", "expected"),
    [
        ({"pytest.ini": "[pytest]\ntimeout = 5\n"}, "E  Failed: Timeout (>5.0s) from pytest-timeout.", "pytest.ini", "timeout = 10\n"),
        ({"jest.config.js": "module.exports = { testTimeout: 5000 }\n"}, "Exceeded timeout of 5000 ms for a test.", "jest.config.js", "testTimeout: 10000"),
        ({"package.json": '{"scripts": {"test": "mocha --timeout 2000"}}\n'}, "Error: Timeout of 2000ms exceeded.", "package.json", "--timeout 4000"),
        ({"tests/test_a.py": "@pytest.mark.timeout(1.5)\ndef test(): ...\n"}, "Failed: Timeout >1.5s", "tests/test_a.py", "timeout(3)"),
    ],
)  # fmt: skip
def test_the_timeout_that_was_exceeded_is_doubled(
    tree: dict[str, str], log: str, path: str, expected: str
) -> None:
    assert expected in (repaired("test_timeout", log, tree)[path] or "")


@pytest.mark.parametrize(
    ("ci_class", "log", "reason"),
    [
        ("import_error", "ImportError: cannot import name 'Gone' from 'app.old' (x.py)", "Gone"),
        ("import_error", "ImportError: cannot import name 'A' from partially initialized module 'app.old'", "circle"),
        ("missing_dependency", "ModuleNotFoundError: No module named 'nobody_imports_this'", "no code here imports"),
        ("missing_dependency", "ERROR: No matching distribution found for requests==99", "version"),
        ("type_error", 'src/app/main.py:1: error: "Moved" has no attribute "x"  [attr-defined]', "decision"),
        ("test_timeout", "Failed: Timeout >77.0s", "77"),
        ("test_failure", "E  assert 1 == 2", "test_failure"),
    ],
)  # fmt: skip
def test_what_needs_a_decision_goes_to_a_person(ci_class: CiClass, log: str, reason: str) -> None:
    diagnosis = CiDiagnosis.model_validate({"class": ci_class, "auto_fixable": True, "line": log})
    with pytest.raises(NeedsHuman, match=reason):
        next(fix(diagnosis, log, HOME))
