"""The sample repositories, and copies of them to work on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from local import sample_org
from local.sandbox import Completed, Executor
from slipway.domain.repository_config import RepositoryConfig

REPOSITORIES = {path.name: path for path in sample_org.repositories()}


@dataclass(frozen=True)
class Checkout:
    """A copy of a repository with its dependencies beside it, as an agent works on it."""

    folder: Path
    config: RepositoryConfig
    executor: Executor

    def run(self, command: str) -> Completed:
        """A line of shell, with the environment that the repository's configuration asks for."""
        return self.executor.run(["sh", "-c", self.config.shell_line(command)], workspace=self.folder)


def files_of(repository: Path) -> dict[str, str]:
    """Every file of a repository, by its path."""
    return {
        str(path.relative_to(repository)): path.read_text()
        for path in sorted(repository.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
