"""Runs the crash playbook for real on a small repository in a temporary folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
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
    """A repository, a ticket about it, and what must hold afterwards: Python lines that raise when it does not."""

    name: str
    files: Mapping[str, str]
    summary: str
    description: str
    then: str
    test_path: str = ""
    max_changed_lines: int = 12
    written: tuple[str, ...] = field(default=())

    def tree(self) -> dict[str, str]:
        return {path: dedent(text).lstrip("\n") for path, text in self.files.items()}

    def ticket(self) -> Ticket:
        return Ticket(key="OPS-7", summary=self.summary, description=dedent(self.description).strip("\n"))


@dataclass(frozen=True, kw_only=True)
class Solution:
    draft: Draft
    item: WorkItem
    probes: int


class Workplace:
    """Applies a probe's overlay to a fresh copy of the tree and runs its command there."""

    def __init__(self, folder: Path, tree: Tree) -> None:
        self.folder, self.tree, self.count = folder, tree, 0

    def run(self, command: str, files: Mapping[str, str | None], *, timeout_seconds: int = 60) -> ProbeResult:
        self.count += 1
        root = self.folder / f"run{self.count}"
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
        return ProbeResult(exit_code=done.returncode, output=done.stdout + done.stderr)


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
            probe = solving.send(workplace.run(probe.command, probe.files, timeout_seconds=probe.timeout_seconds))
    except StopIteration as done:
        (item,) = done.value
    return Solution(draft=draft, item=item, probes=workplace.count)


def discovery(*names: str) -> DiscoveryResult:
    return DiscoveryResult(
        relevant_repos=tuple(RelevantRepository(name=name, relevance=1.0, reason="named") for name in names),
        estimated_complexity="Low",
        recommended_approach="Reproduce, then guard.",
    )
