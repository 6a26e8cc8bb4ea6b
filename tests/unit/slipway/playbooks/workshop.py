"""Solves tickets for real: repositories in a temporary folder, probes as processes, red and green proven."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

from slipway.domain.discovery import DiscoveryResult, RelevantRepository
from slipway.domain.repository_config import dependency_folder, repository_config
from slipway.domain.ticket import Attachment, Ticket
from slipway.playbooks.base import Draft, Playbook, ProbeResult, Tree, Trees, WorkItem
from slipway.playbooks.localise import rank

REPOSITORY = "acme/thing"


def tree(files: Mapping[str, str]) -> dict[str, str]:
    return {path: dedent(text).lstrip("\n") for path, text in files.items()}


def ticket(summary: str, description: str = "", **attachments: str) -> Ticket:
    return Ticket(
        key="OPS-7",
        summary=summary,
        description=dedent(description).strip("\n"),
        attachments=tuple(Attachment(name=name, content=text) for name, text in attachments.items()),
    )


@dataclass
class Workshop:
    """Repositories by name; `trees` grow as items are carried out."""

    folder: Path
    trees: dict[str, dict[str, str]]
    count: int = 0
    drafts: list[Draft] = field(default_factory=list)

    def run(
        self, repository: str, command: str, files: Mapping[str, str | None], timeout: int = 120
    ) -> ProbeResult:
        self.count += 1
        root = self.folder / f"run{self.count}"
        self._write(root, self.trees[repository], files)
        config = repository_config(self.trees[repository])
        known = {}
        for name in config.depends_on:
            if name in self.trees:
                known[name] = repository_config(self.trees[name])
                self._write(root / dependency_folder(name), self.trees[name], {})
        roots = config.environment(known)["PYTHONPATH"].split(":")
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "PYTHONPATH": ":".join(str(root / part) for part in roots),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_ADDOPTS": "-p no:cacheprovider",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "NO_COLOR": "1",
        }
        done = subprocess.run(
            command, shell=True, cwd=root, env=environment, capture_output=True, text=True,
            timeout=timeout, check=False,
        )  # fmt: skip
        shutil.rmtree(root)
        return ProbeResult(exit_code=done.returncode, output=done.stdout + done.stderr)

    def solve(self, playbook: Playbook[Any], asked: Ticket) -> tuple[WorkItem, ...]:
        """Every item proven red, green and with its repository's whole suite, in order."""
        claim = playbook.recognise(asked)
        assert claim is not None, "the ticket was not recognised"
        base: Trees = {name: dict(files) for name, files in self.trees.items()}
        found = discovery(asked, base)
        draft = playbook.draft(claim, ticket=asked, discovery=found, trees=base)
        self.drafts.append(draft)
        solving = playbook.solve(claim, ticket=asked, draft=draft, trees=base)
        try:
            probe = next(solving)
            while True:
                probe = solving.send(self.run(probe.repository, probe.command, probe.files))
        except StopIteration as done:
            items: tuple[WorkItem, ...] = done.value
        assert [item.repository for item in items] == [task.repository for task in draft.tasks]
        for item, task in zip(items, draft.tasks, strict=True):
            self._prove(item, {*task.test_files, *task.source_files})
        return items

    def _prove(self, item: WorkItem, allowed: set[str]) -> None:
        edits = {**item.tests, **item.changes}
        assert set(edits) <= allowed, f"outside of the plan: {set(edits) - allowed}"
        assert set(edits).isdisjoint({*item.tests} & {*item.changes})
        red = self.run(item.repository, item.red_command, item.tests)
        assert red.exit_code not in (0, 4, 5), f"not red:\n{item.red_command}\n{red.output}"
        green = self.run(item.repository, item.green_command, edits)
        assert green.exit_code == 0, f"not green:\n{item.green_command}\n{green.output}"
        before = self.run(item.repository, "python -m pytest -q", {})
        suite = self.run(item.repository, "python -m pytest -q", edits)
        assert suite.exit_code in (0, 5) or before.exit_code == suite.exit_code, suite.output
        for path, text in edits.items():
            if text is None:
                self.trees[item.repository].pop(path)
            else:
                self.trees[item.repository][path] = text

    def _write(self, root: Path, files: Tree, over: Mapping[str, str | None]) -> None:
        root.mkdir(parents=True, exist_ok=True)
        for path, text in {**files, **over}.items():
            if text is not None:
                target = root / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")


def discovery(asked: Ticket, trees: Trees) -> DiscoveryResult:
    """What localisation says about the ticket."""
    text = "\n\n".join([asked.summary, asked.description, *(each.content for each in asked.attachments)])
    return DiscoveryResult(
        relevant_repos=tuple(
            RelevantRepository(name=each.name, relevance=each.score, reason=each.reason)
            for each in rank(text, trees)
        ),
        estimated_complexity="Low",
        recommended_approach="By rule.",
    )
