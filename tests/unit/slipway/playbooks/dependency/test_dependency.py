# ruff: noqa: E501  (manifests and tickets are easier to read on one line)
"""Packages that tickets want at another version, in manifests of many kinds."""

from __future__ import annotations

from pathlib import Path

import pytest

from slipway.domain.errors import NeedsHuman
from slipway.domain.ticket import Ticket
from slipway.playbooks.dependency import DependencyPlaybook
from slipway.playbooks.dependency.claim import read
from tests.unit.slipway.playbooks.workshop import REPOSITORY, Workshop, discovery, ticket, tree

POETRY = '[tool.poetry.dependencies]\npython = "^3.11"\nhttpx = "^0.27.0"\nrich = {version = "^13.0", optional = true}\n'
CASES = {
    "a list of requirements": (
        {"requirements.txt": "# web\nFlask==3.0.0\nhttpx==0.27.0  # client\n"},
        ticket("Bump httpx to 0.28.1"),
        {"requirements.txt": "# web\nFlask==3.0.0\nhttpx==0.28.1  # client\n"},
    ),
    "every place at once": (
        {
            "requirements.in": "flask>=3.0\n",
            "constraints.txt": "flask==3.0.0\n",
            "pyproject.toml": '[project]\nname = "x"\ndependencies = ["Flask[async]==3.0.0"]\n',
        },
        ticket("Upgrade Flask from 3.0.0 to 3.1.2"),
        {
            "requirements.in": "flask>=3.1.2\n",
            "constraints.txt": "flask==3.1.2\n",
            "pyproject.toml": '[project]\nname = "x"\ndependencies = ["Flask[async]==3.1.2"]\n',
        },
    ),
    "poetry's caret": (
        {"pyproject.toml": POETRY},
        ticket("Please upgrade `httpx` to version 0.28.0"),
        {"pyproject.toml": POETRY.replace("^0.27.0", "^0.28.0")},
    ),
    "poetry's table": (
        {"pyproject.toml": POETRY},
        ticket("Update rich to 14.1", "The dependency is old."),
        {"pyproject.toml": POETRY.replace("^13.0", "^14.1")},
    ),
    "setup.cfg": (
        {"setup.cfg": "[options]\ninstall_requires =\n    requests>=2.28,<3\n    attrs\n"},
        ticket("Require requests 2.32.4", "CVE-2024-47081: pin requests>=2.32.4 please."),
        {"setup.cfg": "[options]\ninstall_requires =\n    requests>=2.32.4,<3\n    attrs\n"},
    ),
    "another spelling of the name": (
        {"requirements/base.txt": "typing_extensions==4.9.0\n", "setup.py": 'setup(install_requires=["typing-extensions>=4.9.0"])\n'},
        ticket("Bump typing-extensions from 4.9.0 to 4.12.2"),
        {"requirements/base.txt": "typing_extensions==4.12.2\n", "setup.py": 'setup(install_requires=["typing-extensions>=4.12.2"])\n'},
    ),
    "a pin that the ticket asks for": (
        {"requirements.txt": "pydantic>=2.0\npydantic-settings>=2.0\n"},
        ticket("Pin pydantic==2.7.4", "2.8 breaks us."),
        {"requirements.txt": "pydantic==2.7.4\npydantic-settings>=2.0\n"},
    ),
    "extras and markers stay": (
        {"requirements.txt": 'uvicorn[standard]==0.29.0 ; python_version >= "3.8"\n'},
        ticket("uvicorn 0.29.0 → 0.30.1", "Update the dependency."),
        {"requirements.txt": 'uvicorn[standard]==0.30.1 ; python_version >= "3.8"\n'},
    ),
    "optional dependencies": (
        {"pyproject.toml": '[project]\nname = "x"\n[project.optional-dependencies]\ndev = [\n    "pytest~=8.0",\n    "ruff==0.4.1",\n]\n'},
        ticket("Move ruff to 0.5.0", "Dependency of the dev extra."),
        {"pyproject.toml": '[project]\nname = "x"\n[project.optional-dependencies]\ndev = [\n    "pytest~=8.0",\n    "ruff==0.5.0",\n]\n'},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_every_place_says_the_new_version(name: str, tmp_path: Path) -> None:
    files, asked, expected = CASES[name]
    workshop = Workshop(tmp_path, {REPOSITORY: tree(files)})
    (item,) = workshop.solve(DependencyPlaybook(), asked)
    assert dict(item.changes) == expected
    assert item.tests == {}


def test_only_the_named_repository_is_changed(tmp_path: Path) -> None:
    trees = {name: {"requirements.txt": "click==8.1.7\n"} for name in ("acme/one", "acme/two")}
    workshop = Workshop(tmp_path, trees)
    items = workshop.solve(DependencyPlaybook(), ticket("Update click to 8.2.0 in two"))
    assert [item.repository for item in items] == ["acme/two"]


def test_without_a_name_every_repository_that_asks_for_it_is_changed(tmp_path: Path) -> None:
    trees = {name: {"requirements.txt": "click==8.1.7\n"} for name in ("acme/one", "acme/two")}
    workshop = Workshop(tmp_path, trees)
    items = workshop.solve(DependencyPlaybook(), ticket("Update click to 8.2.0"))
    assert {item.repository for item in items} == {"acme/one", "acme/two"}


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"requirements.txt": "click==8.1.7 \\\n    --hash=sha256:abc\n", "requirements.in": "click\n"}, "pip-compile --generate-hashes requirements.in"),
        ({"pyproject.toml": '[tool.poetry.dependencies]\nclick = "^8.1"\n', "poetry.lock": '[[package]]\nname = "click"\nversion = "8.1.7"\n'}, "poetry lock"),
        ({"uv.lock": '[[package]]\nname = "click"\n', "pyproject.toml": '[project]\ndependencies = ["click>=8"]\n'}, "uv lock"),
        ({"requirements.txt": "click>=8,<8.2\n"}, "upper bound"),
        ({"requirements.txt": "click==8.2.0\n"}, "already"),
        ({"requirements.txt": "flask==3.0\n"}, "no manifest"),
    ],
)  # fmt: skip
def test_what_texts_cannot_do_goes_to_a_person(files: dict[str, str], reason: str) -> None:
    asked = ticket("Bump click to 8.2.0")
    playbook = DependencyPlaybook()
    claim = playbook.recognise(asked)
    assert claim is not None
    trees = {REPOSITORY: files}
    with pytest.raises(NeedsHuman, match=reason):
        playbook.draft(claim, ticket=asked, discovery=discovery(asked, trees), trees=trees)


@pytest.mark.parametrize(
    "asked",
    [
        ticket("Increase MAX_RETRIES from 3 to 5"),
        ticket("Update the default timeout to 30 seconds"),
        ticket("Rename `a` to `b`", "Update the docs for version 2.0."),
        ticket("Crash after upgrading click to 8.2.0", "```\nTraceback (most recent call last):\nKeyError: 'x'\n```"),
    ],
    ids=lambda asked: asked.summary,
)  # fmt: skip
def test_other_tickets_are_left_to_others(asked: Ticket) -> None:
    assert read(asked) is None
