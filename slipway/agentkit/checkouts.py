"""The repositories of one run on their branches, each with the dependencies that its code imports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from slipway.agentkit.bench import Bench
from slipway.agentkit.checkout import Checkout
from slipway.agentkit.context import RunContext
from slipway.agentkit.snapshots import Snapshots
from slipway.domain.errors import InvalidInput
from slipway.domain.repository_config import RepositoryConfig, dependency_folder, repository_config
from slipway.ports.sandbox import CommandResult

MAX_DEPENDENCIES = 20
MAX_COMMAND_SECONDS = 840


@dataclass(kw_only=True)
class Checkouts:
    """Opened on first use; one sandbox session each."""

    run: RunContext[Any]  # Any: code is worked on the same way for every request
    branches: Mapping[str, str]
    snapshots: Snapshots = field(init=False)
    _open: dict[str, Checkout] = field(default_factory=dict)
    _benches: dict[str, Bench] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Snapshots are kept for the run."""
        self.snapshots = Snapshots(gateway=self.run.gateway, artifacts=self.run.artifacts)

    def __getitem__(self, repository: str) -> Checkout:
        """The checkout of one of the run's repositories."""
        if repository not in self.branches:
            raise InvalidInput(
                f"{repository} is not part of this work; it is about {', '.join(sorted(self.branches))}"
            )
        if repository not in self._open:
            branch = self.branches[repository]
            self._open[repository] = Checkout.of(self.snapshots.at(repository, branch), branch=branch)
        return self._open[repository]

    def execute(
        self,
        repository: str,
        command: str,
        *,
        edits: Mapping[str, str | None] | None = None,
        timeout_seconds: int,
    ) -> CommandResult:
        """Run a command at the root of the committed tree with `edits` over it, in its own environment."""
        checkout = self[repository]
        config, dependencies, files = self._surroundings(checkout)
        if repository not in self._benches:
            self._benches[repository] = Bench(
                sandboxes=self.run.sandboxes,
                name=f"{self.run.run_id}.{len(self._benches)}".replace(".", "-"),
                session_seconds=self.run.spec.timeout_minutes * 60,
            )
        return self._benches[repository].run(
            config.shell_line(command, folder="work", dependencies=dependencies),
            files={**checkout.committed, **files},
            overlay=edits,
            timeout_seconds=max(1, min(timeout_seconds, MAX_COMMAND_SECONDS)),
        )

    def close(self) -> None:
        """End every sandbox session."""
        for bench in self._benches.values():
            bench.close()

    def _surroundings(
        self, checkout: Checkout
    ) -> tuple[RepositoryConfig, dict[str, RepositoryConfig], dict[str, bytes]]:
        """The repository's configuration, those of everything it needs, and their files where they belong."""
        needed: dict[str, RepositoryConfig] = {}
        files: dict[str, bytes] = {}
        waiting = list(checkout.config.depends_on)
        while waiting and len(needed) < MAX_DEPENDENCIES:
            name = waiting.pop(0)
            if name in needed or name == checkout.repository:
                continue
            tree, texts = self._dependency(name, branch=checkout.branch)
            needed[name] = repository_config(texts)
            waiting += needed[name].depends_on
            files.update({f"{dependency_folder(name)}/{path}": body for path, body in tree.items()})
        return checkout.config.model_copy(update={"depends_on": tuple(needed)}), needed, files

    def _dependency(self, name: str, *, branch: str) -> tuple[Mapping[str, bytes], Mapping[str, str]]:
        """What this run works on counts as it is now; else the branch of the same name or the default."""
        if name in self.branches:
            return self[name].files, self[name].tree
        snapshot = self.snapshots.at_or_default(name, branch)
        return snapshot.files, snapshot.tree
