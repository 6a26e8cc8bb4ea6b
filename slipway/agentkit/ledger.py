"""What the platform saw with its own eyes: test runs and commits, kept in the task's history at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from slipway.agentkit.context import RunContext
from slipway.domain.event import EventKind, TaskEvent
from slipway.domain.evidence import CheckRun, Commit

MAX_OUTPUT_CHARACTERS = 4_000


@dataclass
class Ledger:
    """Evidence and commits of a task, including those of earlier attempts that did not reach their end."""

    run: RunContext[Any]  # Any: evidence is the same whatever the agent was asked
    evidence: list[CheckRun] = field(default_factory=list)
    commits: list[Commit] = field(default_factory=list)

    def add_check(self, check: CheckRun) -> CheckRun:
        """Record a run; only the last part of its output is kept."""
        kept = check.model_copy(update={"output": check.output[-MAX_OUTPUT_CHARACTERS:]})
        self.evidence.append(kept)
        self.run.record(
            EventKind.EVIDENCE_RECORDED,
            f"{kept.phase}: `{kept.command}` in {kept.repository} ended with exit code {kept.exit_code}",
            kept.model_dump(mode="json"),
        )
        return kept

    def add_commit(self, commit: Commit) -> None:
        """Record a pushed commit."""
        self.commits.append(commit)
        subject = commit.message.partition("\n")[0]
        self.run.record(
            EventKind.COMMIT_PUSHED,
            f"{commit.repository} {commit.sha[:10]}: {subject}",
            commit.model_dump(mode="json"),
        )

    def recover(self, task_ids: Iterable[int]) -> None:
        """Take over what an earlier attempt recorded for plan tasks whose commits are on the branch."""
        wanted = set(task_ids)
        if not wanted:
            return
        for event in self.run.event_log.events(self.run.task_id):
            check = _read(event, EventKind.EVIDENCE_RECORDED, CheckRun)
            if check is not None and check.task_id in wanted and check not in self.evidence:
                self.evidence.append(check)


def _read(event: TaskEvent, kind: EventKind, model: type[CheckRun]) -> CheckRun | None:
    if event.kind is not kind:
        return None
    try:
        return model.model_validate(event.detail)
    except ValidationError:
        # Written by another version of this agent: it proves nothing here.
        return None
