"""The cicd agent's tools: see why jobs failed, edit, check like CI does, commit the fix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from strands.types.tools import AgentTool

from agents.cicd.contract import CiFixRequest
from agents.cicd.logs import FailedJob, failed_jobs
from slipway.agentkit.change_rules import check_changes
from slipway.agentkit.checkout import Checkout, digest
from slipway.agentkit.checkouts import Checkouts
from slipway.agentkit.context import RunContext
from slipway.agentkit.forge_tools import ForgeTools
from slipway.agentkit.ledger import Ledger
from slipway.agentkit.proof import failures
from slipway.agentkit.pushing import NO_PLAN_TASK, push
from slipway.agentkit.reading import listing, passages, texts
from slipway.agentkit.tooling import as_tools
from slipway.agentkit.trailers import ITEM, TASK, trailer
from slipway.domain.camel import Contract
from slipway.domain.errors import EvidenceMissing, InvalidInput, NeedsHuman
from slipway.domain.evidence import CheckRun, CiClass, CiDiagnosis, Commit
from slipway.playbooks.ci import classify
from slipway.ports.sandbox import CommandResult

PROBE_SECONDS = 120
CHECK_SECONDS = 840


class CiFixAnswer(Contract):
    """Your last word; diagnosis, commits and evidence are taken from what the platform recorded."""

    summary: str


class DiagnosedJob(Contract):
    """A failed job, its log, and what the log shows by rule."""

    job: FailedJob
    diagnosis: CiDiagnosis


class Diagnosis(Contract):
    """Every failed job of the head; empty when this round's fix is already on the branch."""

    jobs: tuple[DiagnosedJob, ...]


class Seen(Contract):
    """What a command did."""

    exit_code: int
    output: str
    timed_out: bool = False


@dataclass(kw_only=True)
class CiToolbox:
    """One round of repairing one pull request."""

    run: RunContext[CiFixRequest]
    ledger: Ledger = field(init=False)
    diagnoses: list[CiDiagnosis] = field(default_factory=list)
    _checkouts: Checkouts = field(init=False)
    _verified: str | None = None

    def __post_init__(self) -> None:
        """See whether an earlier attempt of this round already pushed its fix."""
        pull = self.run.request.pull_request
        self._checkouts = Checkouts(run=self.run, branches={pull.repository: pull.branch})
        self.ledger = Ledger(self.run)
        for commit in reversed(ForgeTools(self.run.gateway).commits(pull.repository, pull.branch)):
            ours = trailer(commit.message, TASK) == self.run.task_id
            if ours and trailer(commit.message, ITEM) == self.item:
                self.ledger.commits.append(
                    Commit(
                        repository=pull.repository,
                        branch=pull.branch,
                        sha=commit.sha,
                        message=commit.message,
                        task_id=NO_PLAN_TASK,
                        files=(),
                    )
                )

    @property
    def item(self) -> str:
        """What this round's commits say they are."""
        return f"ci-{self.run.request.round}"

    @property
    def checkout(self) -> Checkout:
        """The pull request's branch with the edits."""
        return self._checkouts[self.run.request.pull_request.repository]

    def tools(self) -> Sequence[AgentTool]:
        """What the model may call besides the gateway's Actions tools."""
        reading = (self.diagnose, self.list_files, self.read_files, self.search)
        fixing = (self.write_file, self.delete_file, self.run_command, self.verify, self.commit_fix)
        return as_tools(self.run, *reading, *fixing)

    def close(self) -> None:
        """End the sandbox session."""
        self._checkouts.close()

    def diagnose(self) -> Diagnosis:
        """Read the logs of every failed job of the pull request's head and say what each shows.

        Hands over to a person by itself when a failure is not one that tools can fix.
        """
        if self.ledger.commits:
            return Diagnosis(jobs=())
        request = self.run.request
        jobs = failed_jobs(request.report, branch=request.pull_request.branch, gateway=self.run.gateway)
        diagnosed = tuple(DiagnosedJob(job=job, diagnosis=classify(job.log)) for job in jobs)
        self.diagnoses = [each.diagnosis for each in diagnosed]
        for each in diagnosed:
            if not each.diagnosis.auto_fixable:
                raise NeedsHuman(
                    f"CI job {each.job.name!r} of {request.report.repository}#{request.report.number} failed "
                    f"({each.diagnosis.ci_class}): {each.diagnosis.line.strip()} - see {each.job.url}"
                )
        return Diagnosis(jobs=diagnosed)

    def list_files(self, folder: str = "") -> str:
        """List the files of the pull request's branch with your edits.

        Args:
            folder: Only what lies in this folder.
        """
        return listing(self.checkout.files, folder=folder)

    def read_files(self, paths: list[str]) -> str:
        """Read text files with your edits.

        Args:
            paths: Paths as `list_files` shows them.
        """
        return texts(self.checkout.tree, paths, repository=self.checkout.repository)

    def search(self, pattern: str) -> str:
        """Search text files with your edits, line by line.

        Args:
            pattern: A regular expression.
        """
        return passages(self.checkout.tree, pattern)

    def write_file(self, path: str, content: str) -> str:
        """Create a file or replace all of it. Nothing is committed yet.

        Args:
            path: Path inside the repository.
            content: The whole new text.
        """
        self.checkout.write(path, content)
        return f"{path} has {len(content.splitlines())} lines now."

    def delete_file(self, path: str) -> str:
        """Delete a file. Nothing is committed yet.

        Args:
            path: Path inside the repository.
        """
        self.checkout.delete(path)
        return f"{path} is deleted."

    def run_command(
        self, command: str, files: dict[str, str | None] | None = None, timeout_seconds: int = PROBE_SECONDS
    ) -> Seen:
        """Try a command at the repository's root with your edits, without network.

        Args:
            command: A line of shell; `python`, `pytest`, `ruff` and `mypy` are there.
            files: Texts that lie over the files for this command alone; null removes a file.
            timeout_seconds: When to stop it.
        """
        result = self._execute(
            command, edits={**self.checkout.edits, **(files or {})}, seconds=timeout_seconds
        )
        return Seen(
            exit_code=result.exit_code, output=self.run.cut(result.output), timed_out=result.timed_out
        )

    def verify(self) -> str:
        """Run what CI checks (lint, format, types, tests) with your edits: nothing may get worse."""
        if not self.checkout.edits:
            raise InvalidInput("nothing is changed yet")
        config = self.checkout.config
        said = []
        for command in (*config.lint, *config.format, *config.types, *config.test):
            after = self._execute(command, edits=self.checkout.edits, seconds=CHECK_SECONDS)
            before = self._execute(command, edits={}, seconds=CHECK_SECONDS)
            worse = after.exit_code != 0 and (
                before.exit_code == 0 or failures(after.output) - failures(before.output)
            )
            if worse or after.timed_out:
                raise EvidenceMissing(f"`{command}` is worse with the change:\n{after.output[-3000:]}")
            if before.exit_code != 0 and after.exit_code == 0:
                self._record(command, before, phase="red")
            if after.exit_code == 0:
                self._record(command, after, phase="green")
            said.append(f"`{command}`: exit code {before.exit_code} before, {after.exit_code} now")
        self._verified = digest(self.checkout.edits)
        return "\n".join(said) or "The repository says of no command that CI runs it."

    def commit_fix(self, message: str) -> str:
        """Commit your edits to the pull request's branch. Needs `verify` of exactly these edits.

        Args:
            message: One line such as `style: format the report module`.
        """
        if not self.diagnoses:
            raise InvalidInput("call diagnose first")
        if self._verified != digest(self.checkout.edits):
            raise EvidenceMissing("the edits as they are now were not verified; call verify")
        checkout = self.checkout
        check_changes(
            checkout.edits,
            before=checkout.texts,
            allowed=None,
            config=checkout.config,
            what=f"round {self.run.request.round}",
        )
        commits = push(checkout, run=self.run, subject=" ".join(message.split()), item=self.item)
        for commit in commits:
            self.ledger.add_commit(commit)
        return ", ".join(each.sha for each in commits)

    def primary(self) -> CiDiagnosis:
        """The diagnosis that stands for the round."""
        if self.diagnoses:
            return self.diagnoses[0]
        # Only after a retry: the fix is on the branch, and with it what was wrong is gone.
        cause: CiClass = "lint"
        return CiDiagnosis(
            ci_class=cause, auto_fixable=True, line="", explanation="fixed by an earlier attempt"
        )

    def _execute(self, command: str, *, edits: dict[str, str | None], seconds: int) -> CommandResult:
        return self._checkouts.execute(
            self.checkout.repository, command, edits=edits, timeout_seconds=seconds
        )

    def _record(self, command: str, result: CommandResult, *, phase: Literal["red", "green"]) -> None:
        self.ledger.add_check(
            CheckRun(
                repository=self.checkout.repository,
                phase=phase,
                task_id=NO_PLAN_TASK,
                command=command,
                exit_code=result.exit_code,
                output=result.output,
                duration_seconds=result.duration_seconds,
            )
        )
