"""Runs the crash playbook for real on a small repository in a temporary folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from slipway.domain.discovery import DiscoveryResult, RelevantRepository
from slipway.domain.repository_config import repository_config
from slipway.domain.ticket import Ticket
from slipway.playbooks.base import Draft, Probe, ProbeResult, Tree, WorkItem
from slipway.playbooks.crash import CrashPlaybook

REPOSITORY = "acme/thing"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A repository, a ticket about it, and what must hold afterwards: Python that raises when it does not."""

    name: str
    files: Mapping[str, str]
    summary: str
    description: str
    then: str

    def tree(self) -> dict[str, str]:
        return {path: dedent(text).lstrip("\n") for path, text in self.files.items()}

    def ticket(self) -> Ticket:
        return Ticket(key="OPS-7", summary=self.summary, description=dedent(self.description).strip("\n"))


@dataclass(frozen=True, kw_only=True)
class Run:
    """One command that ran over the tree, with the paths that were laid over it."""

    command: str
    overlay: frozenset[str]
    result: ProbeResult


@dataclass(frozen=True, kw_only=True)
class Solution:
    draft: Draft
    item: WorkItem
    runs: tuple[Run, ...]

    def exit_code(self, command: str, overlay: Iterable[str]) -> int:
        """How the last run of a command with exactly these paths laid over the tree ended."""
        ended = [r.result for r in self.runs if r.command == command and r.overlay == frozenset(overlay)]
        assert ended, f"`{command}` was never run with {sorted(overlay)}"
        return ended[-1].exit_code


class Workplace:
    """Lays a probe's files over a fresh copy of the tree and runs its command there."""

    def __init__(self, folder: Path, tree: Tree) -> None:
        self.folder, self.tree = folder, tree
        self.runs: list[Run] = []

    def run(self, command: str, files: Mapping[str, str | None], *, timeout_seconds: int = 60) -> ProbeResult:
        root = self.folder / f"run{len(self.runs)}"
        for path, text in {**self.tree, **files}.items():
            if text is not None:
                target = root / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
        roots = repository_config(self.tree).environment()["PYTHONPATH"].split(":")
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "PYTHONPATH": ":".join(str(root / part) for part in roots),
            "PYTHONDONTWRITEBYTECODE": "1",
            # The product's own test plugins are not what a repository has.
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }
        done = subprocess.run(
            command,
            shell=True,
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
            timeout=timeout_seconds,
            check=False,
        )
        shutil.rmtree(root)
        result = ProbeResult(exit_code=done.returncode, output=done.stdout + done.stderr)
        self.runs.append(Run(command=command, overlay=frozenset(files), result=result))
        return result


def solve(case: Case, workplace: Workplace) -> Solution:
    """Recognise, draft and solve; probes run in the workplace."""
    playbook, ticket, tree = CrashPlaybook(), case.ticket(), case.tree()
    claim = playbook.recognise(ticket)
    assert claim is not None, "the ticket was not recognised as a crash"
    trees = {REPOSITORY: tree}
    draft = playbook.draft(claim, ticket=ticket, discovery=discovery(REPOSITORY), trees=trees)
    solving = playbook.solve(claim, ticket=ticket, draft=draft, trees=trees)
    try:
        probe: Probe = next(solving)
        while True:
            probe = solving.send(
                workplace.run(probe.command, probe.files, timeout_seconds=probe.timeout_seconds)
            )
    except StopIteration as done:
        (item,) = done.value
    return Solution(draft=draft, item=item, runs=tuple(workplace.runs))


def discovery(*names: str) -> DiscoveryResult:
    return DiscoveryResult(
        relevant_repos=tuple(RelevantRepository(name=name, relevance=1.0, reason="named") for name in names),
        estimated_complexity="Low",
        recommended_approach="Reproduce, then guard.",
    )
