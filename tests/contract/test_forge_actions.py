"""Workflows in the forge, run by act in the sandbox."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from github.Repository import Repository

from local.forge.actions.act_output import JobResult
from local.forge.actions.runner import Assignment, RunResult, act_runner
from local.sandbox import open_executor
from local.sandbox.toolchain import ensure_toolchain
from tests.unit.local.forge.forge_world import World, a_forge, commit_on_branch, eventually

ROOT = Path(__file__).resolve().parents[2]
TEST = "from tool import ANSWER\n\n\ndef test_answer():\n    assert ANSWER == {}\n"
WORKFLOW = """
name: CI
on:
  push: {branches: [main]}
  pull_request:
  workflow_dispatch:
jobs:
  test:
    name: Tests
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - id: library
        continue-on-error: true
        uses: actions/checkout@v4
        with:
          repository: acme/library
          ref: ${{ github.head_ref || github.ref_name }}
          path: .deps/library
      - if: steps.library.outcome == 'failure'
        uses: actions/checkout@v4
        with: {repository: acme/library, path: .deps/library}
      - uses: actions/setup-python@v5
        with: {python-version: "3.12"}
      - name: Install
        run: pip install -e .deps/library
      - run: ruff check .
      - run: pytest -q
  report:
    needs: test
    runs-on: ubuntu-latest
    steps:
      - run: echo "$GITHUB_EVENT_NAME of $GITHUB_REPOSITORY"
"""
LIBRARY = {
    "pyproject.toml": '[project]\nname = "tool"\nversion = "1"\n',
    "src/tool/__init__.py": "ANSWER = 42\n",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    toolchain = ensure_toolchain(ROOT / ".slipway" / "toolchain")
    runner = act_runner(open_executor(toolchain), toolchain=toolchain)
    with a_forge(tmp_path_factory.mktemp("forge"), runner=runner) as started:
        started.import_files("acme/library", LIBRARY)
        yield started


def with_workflow(world: World, name: str) -> Repository:
    world.import_files(name, {".github/workflows/ci.yml": WORKFLOW, "README.md": "# App\n"})
    return world.client(world.token).get_repo(name)


def test_a_red_pull_request_turns_green_with_the_next_commit(world: World) -> None:
    receiver = world.listen("workflow_run", "workflow_job", "check_run", "check_suite")
    remote = with_workflow(world, "acme/app")
    commit_on_branch(remote, "fix", "tests/test_tool.py", TEST.format(41))
    pull = remote.create_pull(base="main", head="fix", title="Fix", body="")
    (red,) = world.runs_when_done("acme/app", count=1)
    assert (red["event"], red["conclusion"], red["head_sha"]) == ("pull_request", "failure", pull.head.sha)
    jobs = {job.name: job for job in remote.get_workflow_run(int(str(red["id"]))).jobs()}
    assert {name: job.conclusion for name, job in jobs.items()} == {"Tests": "failure", "report": "skipped"}
    steps = {step.name: step.conclusion for step in jobs["Tests"].steps}
    assert (steps["Install"], steps["Run ruff check ."], steps["Run pytest -q"]) == (
        "success",
        "success",
        "failure",
    )
    log = world.http.get(jobs["Tests"].logs_url()).text
    assert "##[group]Run pytest -q" in log
    assert "assert 42 == 41" in log
    assert "##[error]Process completed with exit code 1." in log

    old = remote.get_contents("tests/test_tool.py", ref="fix")
    assert not isinstance(old, list)
    remote.update_file(old.path, "fix: 42", TEST.format(42), old.sha, branch="fix")
    green, _ = world.runs_when_done("acme/app", count=2)
    assert green["conclusion"] == "success"
    checks = {run.name: run.conclusion for run in remote.get_branch("fix").commit.get_check_runs()}
    assert checks == {"Tests": "success", "report": "success"}
    eventually(lambda: receiver.names().count("workflow_run.completed") == 2)
    assert receiver.names()[:2] == ["check_suite.requested", "workflow_run.requested"]


def test_a_rerun_is_the_next_attempt_of_the_same_run(world: World) -> None:
    remote = with_workflow(world, "acme/again")
    commit_on_branch(remote, "fix", "tests/test_tool.py", TEST.format(0))
    remote.create_pull(base="main", head="fix", title="Fix", body="")
    (first,) = world.runs_when_done("acme/again", count=1)
    run = remote.get_workflow_run(int(str(first["id"])))
    assert run.rerun_failed_jobs()
    (second,) = world.runs_when_done("acme/again", count=1)
    assert (second["id"], second["run_attempt"], second["conclusion"]) == (run.id, 2, "failure")
    everything = world.http.get(f"/repos/acme/again/actions/runs/{run.id}/jobs", params={"filter": "all"})
    assert sorted(job["run_attempt"] for job in everything.json()["jobs"]) == [1, 1, 2, 2]
    url = f"/repos/acme/again/actions/runs/{run.id}/attempts/1/logs"
    packed = world.http.get(url, headers=world.headers, follow_redirects=True).content
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert any("Tests" in name for name in archive.namelist())


def test_a_library_branch_of_the_same_name_is_used_when_it_is_there(world: World) -> None:
    library = world.client(world.token).get_repo("acme/library")
    old = library.get_contents("src/tool/__init__.py")
    assert not isinstance(old, list)
    library.create_git_ref("refs/heads/pair", library.get_branch("main").commit.sha)
    library.update_file(old.path, "feat: 43", "ANSWER = 43\n", old.sha, branch="pair")
    remote = with_workflow(world, "acme/dependent")
    commit_on_branch(remote, "pair", "tests/test_tool.py", TEST.format(43))
    remote.create_pull(base="main", head="pair", title="Pair", body="")
    (run,) = world.runs_when_done("acme/dependent", count=1)
    assert run["conclusion"] == "success"


def test_a_workflow_is_started_by_hand_and_an_unknown_action_fails_by_name(world: World) -> None:
    flow = WORKFLOW.replace("actions/setup-python@v5", "someone/elses-action@v1")
    world.import_files("acme/hand", {".github/workflows/ci.yml": flow})
    remote = world.client(world.token).get_repo("acme/hand")
    assert remote.get_workflow("ci.yml").create_dispatch("main")
    (run,) = world.runs_when_done("acme/hand", count=1)
    assert (run["event"], run["conclusion"]) == ("workflow_dispatch", "failure")
    job = next(iter(remote.get_workflow_run(int(str(run["id"]))).jobs()))
    assert "Unable to resolve action" in world.http.get(job.logs_url()).text


def test_an_interrupted_run_is_cancelled_and_runs_again_after_a_restart(tmp_path: Path) -> None:
    with a_forge(tmp_path) as before:
        remote = with_workflow(before, "acme/stopped")
        commit_on_branch(remote, "fix", "x.py", "")
        remote.create_pull(base="main", head="fix", title="Fix", body="")
        (run,) = before.forge.store.runs.all()
        before.forge.store.runs.put(replace(run, status="in_progress"))

    seen: list[Assignment] = []

    def green(assignment: Assignment, folder: Path) -> RunResult:
        seen.append(assignment)
        moment = "2026-01-02T03:04:05Z"
        return RunResult("success", (JobResult("test", "Tests", "success", moment, moment, (), ""),), "")

    with a_forge(tmp_path, runner=green) as after:
        (again,) = after.runs_when_done("acme/stopped", count=1)
        assert (again["id"], again["run_attempt"], again["conclusion"]) == (run.id, 2, "success")
        assert [assignment.attempt for assignment in seen] == [2]


def test_a_cancelled_run_stays_cancelled(tmp_path: Path) -> None:
    with a_forge(tmp_path) as world:
        remote = with_workflow(world, "acme/cancel")
        commit_on_branch(remote, "fix", "x.py", "")
        remote.create_pull(base="main", head="fix", title="Fix", body="")
        (run,) = remote.get_workflow_runs()
        assert run.cancel()
        run.update()
        assert (run.status, run.conclusion) == ("completed", "cancelled")
