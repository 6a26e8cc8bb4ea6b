"""What the isolating executors share: a private root with the toolchain, the warden and the workspace."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from local.sandbox.contract import Completed, Limits
from local.sandbox.environment import clean_environment, interpreter_of, visible
from local.sandbox.supervision import WARDEN, supervise


@dataclass(frozen=True)
class View:
    """What a command sees of this machine; only `workspace` can it write to."""

    symlinks: Sequence[tuple[str, str]]
    read_only: Sequence[tuple[str, str]]
    workspace: str


class IsolatedExecutor(ABC):
    """Runs commands behind the prefix that a way of isolating puts in front of them."""

    kind: str
    mechanism: ClassVar[str]
    isolates_network = True
    isolates_files = True

    def __init__(self, program: str, *, toolchain: Path) -> None:
        """`program` is the path of the program that isolates."""
        self.description = (
            f"{self.mechanism}: no network, private file system and processes, "
            "limits on time, memory and output"
        )
        self._program = program
        self._toolchain = toolchain

    @abstractmethod
    def _prefix(self, view: View) -> list[str]:
        """The command line that runs what follows it in isolation."""

    def run(
        self,
        argv: Sequence[str],
        *,
        workspace: Path,
        env: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        read_only: Mapping[Path, str] | None = None,
    ) -> Completed:
        """See `Executor.run`."""
        prefix = self._prefix(self._view(workspace, read_only or {}))
        return supervise(
            argv,
            wrap=lambda inner: [*prefix, *inner],
            interpreter=interpreter_of(self._toolchain),
            workspace=workspace,
            env=clean_environment(self._toolchain, home="/tmp", extra=env),
            limits=limits or Limits(),
        )

    def _view(self, workspace: Path, read_only: Mapping[Path, str]) -> View:
        seen = visible(self._toolchain)
        binds = {**{path: str(path) for path in (*seen.paths, WARDEN)}, **read_only}
        return View(
            symlinks=list(seen.symlinks),
            read_only=[(str(path), inside) for path, inside in binds.items()],
            workspace=str(workspace),
        )
