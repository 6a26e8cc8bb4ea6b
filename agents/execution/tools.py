"""The execution agent's tools: read, edit, try, prove and commit; nothing else reaches a repository."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from strands.types.tools import AgentTool

from agents.execution.contract import ExecutionRequest
from slipway.agentkit.checkouts import Checkouts
from slipway.agentkit.context import RunContext
from slipway.agentkit.ledger import Ledger
from slipway.agentkit.patching import patched
from slipway.agentkit.reading import listing, passages, texts
from slipway.agentkit.tooling import as_tools
from slipway.agentkit.work_items import WorkItems
from slipway.domain.camel import Contract
from slipway.domain.errors import InvalidInput, NeedsHuman
from slipway.domain.evidence import CheckRun

PROBE_SECONDS = 120


class ExecutionAnswer(Contract):
    """Your last word; commits and evidence are taken from what the platform recorded."""

    summary: str


class Seen(Contract):
    """What a command did."""

    exit_code: int
    output: str
    timed_out: bool = False


@dataclass(kw_only=True)
class ExecutionToolbox:
    """One run on the branches of an approved plan."""

    run: RunContext[ExecutionRequest]
    items: WorkItems = field(init=False)
    _checkouts: Checkouts = field(init=False)

    def __post_init__(self) -> None:
        """See what is already committed."""
        request = self.run.request
        branches = {each.repository: each.branch for each in request.pull_requests}
        if missing := set(request.plan.repositories) - set(branches):
            raise InvalidInput(f"no pull request is given for {', '.join(sorted(missing))}")
        self._checkouts = Checkouts(run=self.run, branches=branches)
        self.items = WorkItems.resumed(
            self.run, plan=request.plan, checkouts=self._checkouts, ledger=Ledger(self.run)
        )

    def tools(self) -> Sequence[AgentTool]:
        """What the model may call."""
        reading = (self.list_files, self.read_files, self.search)
        editing = (self.write_file, self.replace_text, self.apply_patch, self.delete_file)
        proving = (self.run_command, self.run_red, self.run_green, self.commit, self.give_up)
        return as_tools(self.run, *reading, *editing, *proving)

    def close(self) -> None:
        """End the sandbox sessions."""
        self._checkouts.close()

    def list_files(self, repository: str, folder: str = "") -> str:
        """List the files of a repository with your edits.

        Args:
            repository: Full name, such as `owner/name`.
            folder: Only what lies in this folder.
        """
        return listing(self._checkouts[repository].files, folder=folder)

    def read_files(self, repository: str, paths: list[str]) -> str:
        """Read text files with your edits.

        Args:
            repository: Full name, such as `owner/name`.
            paths: Paths as `list_files` shows them.
        """
        return texts(self._checkouts[repository].tree, paths, repository=repository)

    def search(self, repository: str, pattern: str) -> str:
        """Search text files with your edits, line by line.

        Args:
            repository: Full name, such as `owner/name`.
            pattern: A regular expression.
        """
        return passages(self._checkouts[repository].tree, pattern)

    def write_file(self, repository: str, path: str, content: str) -> str:
        """Create a file or replace all of it. Nothing is committed yet.

        Args:
            repository: Full name, such as `owner/name`.
            path: Path inside the repository; the plan task must name it.
            content: The whole new text.
        """
        self._checkouts[repository].write(path, content)
        return f"{path} has {len(content.splitlines())} lines now."

    def replace_text(self, repository: str, path: str, old: str, new: str) -> str:
        """Replace one passage of a file. Nothing is committed yet.

        Args:
            repository: Full name, such as `owner/name`.
            path: Path inside the repository.
            old: The passage, exactly and with enough around it to occur once.
            new: What to put there.
        """
        text = self._text(repository, path)
        if (count := text.count(old)) != 1:
            raise InvalidInput(f"the passage occurs {count} times in {path}; give one that occurs once")
        return self.write_file(repository, path, text.replace(old, new))

    def apply_patch(self, repository: str, patch: str) -> str:
        """Apply a unified diff. Nothing is committed yet.

        Args:
            repository: Full name, such as `owner/name`.
            patch: The diff, with --- and +++ lines for each file.
        """
        checkout = self._checkouts[repository]
        changed = patched(checkout.tree, patch)
        for path, text in changed.items():
            if text is None:
                checkout.delete(path)
            else:
                checkout.write(path, text)
        return f"Changed {', '.join(changed)}."

    def delete_file(self, repository: str, path: str) -> str:
        """Delete a file. Nothing is committed yet.

        Args:
            repository: Full name, such as `owner/name`.
            path: Path inside the repository; the plan task must name it.
        """
        self._checkouts[repository].delete(path)
        return f"{path} is deleted."

    def run_command(
        self,
        repository: str,
        command: str,
        files: dict[str, str | None] | None = None,
        timeout_seconds: int = PROBE_SECONDS,
    ) -> Seen:
        """Try a command at the repository's root, with your edits, without network. It proves nothing.

        Every command starts from a fresh copy: what one leaves behind the next does not see.

        Args:
            repository: Full name, such as `owner/name`.
            command: A line of shell; `python`, `pytest`, `ruff` and `mypy` are there.
            files: Texts that lie over the files for this command alone; null removes a file.
            timeout_seconds: When to stop it.
        """
        edits = {**self._checkouts[repository].edits, **(files or {})}
        result = self._checkouts.execute(repository, command, edits=edits, timeout_seconds=timeout_seconds)
        return Seen(
            exit_code=result.exit_code, output=self.run.cut(result.output), timed_out=result.timed_out
        )

    def run_red(self, task_id: int, command: str) -> CheckRun:
        """Prove that the problem is there: run the new tests on the unchanged code; they must fail.

        Your other edits are set aside by themselves.

        Args:
            task_id: Id of the plan's task.
            command: The narrowest command that runs the new tests.
        """
        return self.items.red(task_id, command)

    def run_green(self, task_id: int, command: str) -> CheckRun:
        """Prove the change: the command, then the whole test suite must pass. Three attempts for each task.

        Args:
            task_id: Id of the plan's task.
            command: The command of the red run, or one that includes it.
        """
        return self.items.green(task_id, command)

    def commit(self, task_id: int, message: str) -> str:
        """Commit your edits to the task's branch. Needs a red and a green run of exactly these edits.

        Args:
            task_id: Id of the plan's task.
            message: One line such as `fix: treat a missing discount as none`.
        """
        subject = " ".join(message.split())
        if not subject:
            raise InvalidInput("the commit message is empty")
        return ", ".join(each.sha for each in self.items.commit(task_id, subject))

    def give_up(self, task_id: int, reason: str) -> str:
        """Stop at a task that cannot be done as planned and hand everything to a person.

        Args:
            task_id: Id of the plan's task.
            reason: What you tried, what it showed, and what a person should decide or do.
        """
        task = self.items.task(task_id)
        raise NeedsHuman(f"task {task_id} ({task.description}) could not be done: {reason.strip()}")

    def _text(self, repository: str, path: str) -> str:
        tree = self._checkouts[repository].tree
        if path not in tree:
            raise InvalidInput(f"{repository} has no text file {path}; call list_files first")
        return tree[path]
