"""The planning agent's own tools: read the repositories that discovery found, publish the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError
from strands.types.tools import AgentTool

from agents.planning.contract import PlanningRequest
from agents.planning.publication import publish
from slipway.agentkit.context import RunContext
from slipway.agentkit.reading import listing, passages, texts
from slipway.agentkit.snapshots import Snapshot, Snapshots
from slipway.agentkit.tooling import as_tools
from slipway.domain.camel import Contract
from slipway.domain.errors import InvalidInput
from slipway.domain.plan import PLAN_FILE, Plan
from slipway.domain.published_plan import PublishedPlan
from slipway.domain.repository_config import repository_config


class PlanningAnswer(Contract):
    """Your last word: the plan is published. Its content is what `publish_plan` got."""

    summary: str


@dataclass(kw_only=True)
class PlanningToolbox:
    """One run's reading and the plan that it published."""

    run: RunContext[PlanningRequest]
    published: PublishedPlan | None = None
    _snapshots: Snapshots = field(init=False)
    _known: dict[str, Snapshot] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Snapshots are kept for the run."""
        self._snapshots = Snapshots(gateway=self.run.gateway, artifacts=self.run.artifacts)

    def tools(self) -> Sequence[AgentTool]:
        """What the model may call."""
        return as_tools(self.run, self.list_files, self.read_files, self.search, self.publish_plan)

    def close(self) -> None:
        """Nothing is held."""

    @property
    def trees(self) -> dict[str, dict[str, str]]:
        """Every repository that discovery found, read whole."""
        names = [each.name for each in self.run.request.discovery.relevant_repos]
        missing = [name for name in names if name not in self._known]
        self._known.update({each.repository: each for each in self._snapshots.all(missing)})
        return {name: self._known[name].tree for name in names}

    def list_files(self, repository: str, folder: str = "") -> str:
        """List the files of a repository at its default branch.

        Args:
            repository: Full name, such as `owner/name`.
            folder: Only what lies in this folder.
        """
        return listing(self._snapshot(repository).files, folder=folder)

    def read_files(self, repository: str, paths: list[str]) -> str:
        """Read text files of a repository at its default branch.

        Args:
            repository: Full name, such as `owner/name`.
            paths: Paths as `list_files` shows them.
        """
        return texts(self._snapshot(repository).tree, paths, repository=repository)

    def search(self, repository: str, pattern: str) -> str:
        """Search a repository's text files line by line.

        Args:
            repository: Full name, such as `owner/name`.
            pattern: A regular expression.
        """
        return passages(self._snapshot(repository).tree, pattern)

    def publish_plan(self, plan: Plan) -> str:
        """Publish the plan: branch, PLAN.md and draft pull request in every repository that a task names.

        Names of branches, commit messages and the document's form are not your concern. Calling it again
        replaces the plan.

        Args:
            plan: The whole plan. Each task is one commit of 1 to 4 hours, names every file it may touch (its
                tests first), and lists the ids of earlier tasks that it needs.
        """
        try:
            # Strands hands over the validated argument as a dictionary.
            checked = Plan.model_validate(plan)
        except ValidationError as error:
            problems = "; ".join(
                f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()
            )
            raise InvalidInput(f"the plan breaks its contract: {problems}") from error
        self._check(checked)
        snapshots = {name: self._snapshot(name) for name in checked.repositories}
        self.published = publish(checked, run=self.run, snapshots=snapshots)
        return "\n".join(each.url for each in self.published.pull_requests)

    def _check(self, plan: Plan) -> None:
        if plan.ticket_key != self.run.request.ticket.key:
            raise InvalidInput(f"ticketKey must be {self.run.request.ticket.key}, not {plan.ticket_key}")
        for task in plan.tasks:
            config = repository_config(self._snapshot(task.repository).tree)
            for path in task.files:
                if config.protects(path) or path == PLAN_FILE:
                    raise InvalidInput(f"task {task.id} may not touch {path}: it is protected")
                if path.startswith("/") or ".." in path.split("/"):
                    raise InvalidInput(f"task {task.id}: {path!r} is not a path inside the repository")

    def _snapshot(self, repository: str) -> Snapshot:
        found = {each.name for each in self.run.request.discovery.relevant_repos}
        if repository not in found:
            raise InvalidInput(f"{repository} is not among what discovery found: {', '.join(sorted(found))}")
        if repository not in self._known:
            self._known[repository] = self._snapshots.at(repository)
        return self._known[repository]
