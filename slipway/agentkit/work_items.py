"""Carries out plan tasks one by one: red recorded, change, green recorded, one commit; the rules are code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from slipway.agentkit.change_rules import check_changes
from slipway.agentkit.checkout import Checkout, digest
from slipway.agentkit.checkouts import Checkouts
from slipway.agentkit.context import RequestT, RunContext
from slipway.agentkit.drafts import is_test_file
from slipway.agentkit.forge_tools import ForgeTools
from slipway.agentkit.ledger import Ledger
from slipway.agentkit.proof import failures, why_not_green, why_not_red
from slipway.agentkit.pushing import push
from slipway.agentkit.trailers import ITEM, TASK, trailer
from slipway.domain.errors import EvidenceMissing, InvalidInput, PolicyRefused
from slipway.domain.evidence import CheckRun, Commit
from slipway.domain.plan import Plan, PlanTask
from slipway.ports.sandbox import CommandResult

MAX_ATTEMPTS = 3
CHECK_SECONDS = 300
SUITE_SECONDS = 840


@dataclass
class _Progress:
    """Where one plan task stands; digests say which edits a proof was made of."""

    attempts: int = 0
    red: str | None = None
    green: str | None = None


@dataclass(kw_only=True)
class WorkItems:
    """The tasks of one approved plan on their branches."""

    run: RunContext[Any]  # Any: items are carried out the same way whatever else the request holds
    plan: Plan
    checkouts: Checkouts
    ledger: Ledger
    done: dict[int, str] = field(default_factory=dict)
    _progress: dict[int, _Progress] = field(default_factory=dict)
    _bases: dict[str, str] = field(default_factory=dict)
    _failing_before: dict[tuple[str, str, str], frozenset[str]] = field(default_factory=dict)

    @classmethod
    def resumed(
        cls, run: RunContext[RequestT], *, plan: Plan, checkouts: Checkouts, ledger: Ledger
    ) -> WorkItems:
        """Find out from the branches what an earlier attempt already committed."""
        items = cls(run=run, plan=plan, checkouts=checkouts, ledger=ledger)
        forge = ForgeTools(run.gateway)
        for repository in plan.repositories:
            branch = checkouts.branches[repository]
            commits = forge.commits(repository, branch)
            base = commits[0].sha
            for index, commit in enumerate(commits):
                item = trailer(commit.message, ITEM)
                if trailer(commit.message, TASK) != run.task_id or item is None or not item.isdigit():
                    continue
                task = items.task(int(item))
                found = Commit(
                    repository=repository,
                    branch=branch,
                    sha=commit.sha,
                    message=commit.message,
                    task_id=task.id,
                    files=task.files,
                )
                # The branch is listed newest first; the newest commit of an item is where it ended.
                ledger.commits.insert(0, found)
                items.done.setdefault(task.id, commit.sha)
                if index + 1 < len(commits):
                    base = commits[index + 1].sha
            items._bases[repository] = base
        ledger.recover(items.done)
        return items

    @property
    def attempts(self) -> dict[str, int]:
        """Plan task id to attempts used."""
        return {str(number): each.attempts for number, each in self._progress.items() if each.attempts}

    def task(self, task_id: int) -> PlanTask:
        """One task of the plan."""
        for task in self.plan.tasks:
            if task.id == task_id:
                return task
        raise InvalidInput(f"the plan has no task {task_id}; it has {[task.id for task in self.plan.tasks]}")

    def base_trees(self) -> dict[str, dict[str, str]]:
        """The planned repositories as they were before the first item."""
        return {
            repository: self.checkouts.snapshots.at(repository, sha).tree
            for repository, sha in self._bases.items()
        }

    def rewind(self, repository: str) -> dict[str, str | None]:
        """Edits that take a repository from its head back to how it was before the first item."""
        base = self.checkouts.snapshots.at(repository, self._bases[repository]).tree
        now = self.checkouts[repository].texts
        changed: dict[str, str | None] = {path: text for path, text in base.items() if now.get(path) != text}
        return changed | {path: None for path in now if path not in base}

    def red(self, task_id: int, command: str) -> CheckRun:
        """Run on the committed code with only the new tests: it must fail for the right reason."""
        task, checkout = self._open(task_id)
        tests = self._tests(task, checkout)
        result = self.checkouts.execute(task.repository, command, edits=tests, timeout_seconds=CHECK_SECONDS)
        if why := why_not_red(command, result):
            raise EvidenceMissing(f"not a red run: {why}\n{result.output[-3000:]}")
        self._progress_of(task_id).red = digest(tests)
        return self._record(task, command, result, phase="red")

    def green(self, task_id: int, command: str) -> CheckRun:
        """Run with all edits: it must pass, and so must the repository's whole test suite."""
        task, checkout = self._open(task_id)
        progress = self._progress_of(task_id)
        if progress.red != digest(self._tests(task, checkout)):
            raise EvidenceMissing(
                f"task {task_id}: no red run with these tests is recorded; call run_red first "
                f"(it sets your other edits aside by itself)"
            )
        if progress.attempts >= MAX_ATTEMPTS:
            raise PolicyRefused(f"task {task_id} used its {MAX_ATTEMPTS} attempts; call give_up and say why")
        progress.attempts += 1
        left = MAX_ATTEMPTS - progress.attempts
        result = self.checkouts.execute(
            task.repository, command, edits=checkout.edits, timeout_seconds=CHECK_SECONDS
        )
        if why := why_not_green(command, result):
            raise EvidenceMissing(f"not a green run: {why}; {left} attempts left\n{result.output[-3000:]}")
        suites = [self._suite(task, checkout, each, left=left) for each in checkout.config.test]
        check = self._record(task, command, result, phase="green")
        for line, suite in zip(checkout.config.test, suites, strict=True):
            if suite.exit_code == 0 and line != command:
                self._record(task, line, suite, phase="green")
        progress.green = digest(checkout.edits)
        return check

    def commit(self, task_id: int, message: str) -> tuple[Commit, ...]:
        """Push the edits as one commit; each deletion follows as a commit of the same item."""
        task, checkout = self._open(task_id)
        progress = self._progress_of(task_id)
        if not checkout.edits:
            raise InvalidInput(f"task {task_id}: nothing is changed in {task.repository}")
        if progress.red is None or progress.green != digest(checkout.edits):
            raise EvidenceMissing(
                f"task {task_id}: the edits as they are now have no red and green run; "
                f"call run_red and run_green"
            )
        check_changes(
            checkout.edits,
            before=checkout.texts,
            allowed=task.files,
            config=checkout.config,
            what=f"task {task_id}",
        )
        commits = push(checkout, run=self.run, subject=message, item=task_id)
        for commit in commits:
            self.ledger.add_commit(commit)
        self.done[task_id] = commits[-1].sha
        return commits

    def heads(self) -> dict[str, str]:
        """Repository to the commit that its branch ended at."""
        return {repository: self.checkouts[repository].head for repository in self.plan.repositories}

    def _open(self, task_id: int) -> tuple[PlanTask, Checkout]:
        task = self.task(task_id)
        if task_id in self.done:
            raise InvalidInput(f"task {task_id} is already committed as {self.done[task_id]}")
        if missing := [each for each in task.dependencies if each not in self.done]:
            raise InvalidInput(f"task {task_id} waits for tasks {missing}; do them first")
        return task, self.checkouts[task.repository]

    def _tests(self, task: PlanTask, checkout: Checkout) -> dict[str, str | None]:
        return {
            path: text
            for path, text in checkout.edits.items()
            if is_test_file(self.plan, task.repository, path)
        }

    def _suite(self, task: PlanTask, checkout: Checkout, command: str, *, left: int) -> CommandResult:
        result = self.checkouts.execute(
            task.repository, command, edits=checkout.edits, timeout_seconds=SUITE_SECONDS
        )
        if result.exit_code == 0:
            return result
        now = failures(result.output)
        # A repository may fail for reasons of its own: what failed before and still fails is not ours.
        broken = now - self._failed_before(task.repository, command, checkout.head)
        if result.timed_out or broken or not now:
            names = ", ".join(sorted(broken)) or "the whole suite"
            raise EvidenceMissing(
                f"not green: `{command}` fails with the change ({names}); {left} attempts left\n"
                f"{result.output[-3000:]}"
            )
        return result

    def _failed_before(self, repository: str, command: str, head: str) -> frozenset[str]:
        key = (repository, command, head)
        if key not in self._failing_before:
            before = self.checkouts.execute(repository, command, timeout_seconds=SUITE_SECONDS)
            self._failing_before[key] = failures(before.output) if before.exit_code else frozenset()
        return self._failing_before[key]

    def _progress_of(self, task_id: int) -> _Progress:
        return self._progress.setdefault(task_id, _Progress())

    def _record(self, task: PlanTask, command: str, result: CommandResult, *, phase: str) -> CheckRun:
        return self.ledger.add_check(
            CheckRun.model_validate(
                {
                    "repository": task.repository,
                    "phase": phase,
                    "task_id": task.id,
                    "command": command,
                    "exit_code": result.exit_code,
                    "output": result.output,
                    "duration_seconds": result.duration_seconds,
                }
            )
        )
