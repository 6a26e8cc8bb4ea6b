"""A workflow run finds the libraries that its own commit declares, fetched by the host before the run."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.forge.actions.libraries import organisation_projects, prepare_for_commit
from local.forge.actions.runner import Assignment, Runner, RunResult, act_runner
from local.forge.actions.workflow_file import parse_workflow
from local.sandbox import open_executor
from local.sandbox.toolchain import ensure_toolchain
from tests.unit.local.sandbox.wheelhouse import add_wheel, serve, unplug

ROOT = Path(__file__).parents[4]
WHO = ("-c", "user.name=Dana", "-c", "user.email=dana@acme.example")
WORKFLOW_PATH = ".github/workflows/ci.yml"
WORKFLOW = """
name: CI
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: pip install -r requirements.txt
      - run: pip install -e '.[test]'
      - run: gizmo-tool
      - run: shop
        env:
          PYTHONPATH: elsewhere
"""
PROJECT = """
[project]
name = "shop"
version = "7.1"
dependencies = ["gizmo"]
[project.optional-dependencies]
test = ["gadget"]
[project.scripts]
shop = "shop:main"
"""
SHOP = """
from importlib.metadata import version
import gadget, gizmo
def main(): print("shop", version("shop"), "with", gizmo.__version__)
"""


@dataclass(frozen=True)
class Forge:
    """The folder of bare repositories, and what runs their workflows."""

    repositories: Path
    run_workflow: Runner
    work: Path

    def push(self, name: str, files: Mapping[str, str]) -> str:
        """Commit these files; returns the commit."""
        bare, tree = self.repositories / "acme" / f"{name}.git", self.work / name
        if not bare.exists():
            git(self.work, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
            git(self.work, "init", "--quiet", "--initial-branch=main", str(tree))
        for path, text in files.items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_text(text)
        git(tree, "add", "--all")
        git(tree, *WHO, "commit", "--quiet", "-m", "Change")
        git(tree, "push", "--quiet", str(bare), "main")
        return git(tree, "rev-parse", "HEAD")

    def run(self, sha: str) -> tuple[RunResult, str]:
        """How the shop's workflow ends at a commit, and its log."""
        assignment = Assignment(
            workflow=parse_workflow(WORKFLOW_PATH, WORKFLOW),
            bare=self.repositories / "acme" / "shop.git",
            repositories=self.repositories,
            event="push",
            payload={"ref": "refs/heads/main"},
            repository="acme/shop",
            sha=sha,
            ref="refs/heads/main",
            actor="dana",
            run_id=1,
            run_number=1,
            attempt=1,
            server_url="http://127.0.0.1:1",
        )
        result = self.run_workflow(assignment, self.work / f"run-{sha}")
        return result, "".join(job.log for job in result.jobs)


def git(folder: Path, *arguments: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    command = ["git", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def toolchain() -> Path:
    return ensure_toolchain(ROOT / ".slipway" / "toolchain")


@pytest.fixture
def forge(tmp_path: Path, toolchain: Path, monkeypatch: pytest.MonkeyPatch) -> Forge:
    wheels = serve(monkeypatch, tmp_path)
    for version in ("1.0", "2.0"):
        add_wheel(wheels, "gizmo", version)
    add_wheel(wheels, "gadget", "1.0")
    add_wheel(wheels, "shop", "0.1")
    runner = act_runner(open_executor(toolchain), toolchain=toolchain, libraries=tmp_path / "libraries")
    return Forge(tmp_path / "repositories", runner, tmp_path / "work")


def shop(gizmo: str) -> dict[str, str]:
    files = {"pyproject.toml": PROJECT, "shop.py": SHOP, WORKFLOW_PATH: WORKFLOW}
    return {**files, "requirements.txt": f"gizmo=={gizmo}\n"}


def test_a_raised_pin_is_fetched_for_its_commit(forge: Forge) -> None:
    before, after = forge.push("shop", shop("1.0")), forge.push("shop", shop("2.0"))
    for sha, version in ((before, "1.0"), (after, "2.0"), (before, "1.0")):
        subprocess.run(["rm", "-rf", str(forge.work / f"run-{sha}")], check=True)
        result, log = forge.run(sha)
        assert result.conclusion == "success", log
        assert f"Requirement already satisfied: gizmo=={version} ({version})" in log
        assert f"gizmo {version}" in log
        assert f"shop 7.1 with {version}" in log


def test_a_version_that_does_not_exist_fails_as_pip_would(forge: Forge) -> None:
    result, log = forge.run(forge.push("shop", shop("99")))
    assert result.conclusion == "failure"
    assert "##[warning]Libraries: gizmo==99 cannot be had: " in log
    assert "No matching distribution found for gizmo==99" in log


def test_without_a_network_the_earlier_version_serves_and_the_log_says_so(
    forge: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    forge.run(forge.push("shop", shop("1.0")))
    unplug(monkeypatch)
    result, log = forge.run(forge.push("shop", shop("2.0")))
    assert result.conclusion == "success", log
    assert "gizmo==2.0 could not be fetched, no index was reached" in log
    assert "Using gizmo 1.0 for gizmo==2.0: this runner has no network and no other version" in log


def test_code_of_the_organisation_comes_from_the_forge_with_what_it_needs(
    forge: Forge, toolchain: Path, tmp_path: Path
) -> None:
    forge.push("base", {"pyproject.toml": '[project]\nname = "shop"\ndependencies = ["gizmo==1.0"]\n'})
    sha = forge.push(
        "web", {"requirements.txt": "shop\ngadget\n", ".slipway.yml": "depends_on: [acme/base, acme/gone]\n"}
    )
    found = prepare_for_commit(
        tmp_path / "libraries",
        bare=forge.repositories / "acme" / "web.git",
        sha=sha,
        repositories=forge.repositories,
        toolchain=toolchain,
    )
    assert found.folder is not None
    assert {path.stem for path in found.folder.glob("*.py")} == {"gizmo", "gadget"}
    assert organisation_projects(forge.repositories) == {"shop", "web"}
