"""The laptop's real sandbox behind the platform's port, without the emulator between."""

from __future__ import annotations

import shlex
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from local.sandbox import Executor, Limits
from local.sandbox.folder import SandboxFolder
from slipway.ports.sandbox import CommandResult

LIMITS = Limits(wall_seconds=10, cpu_seconds=5, memory_bytes=512 * 1024 * 1024, processes=128)


@dataclass
class ExecutorSandbox:
    """One folder in which commands run isolated."""

    executor: Executor
    root: Path

    def upload(self, files: Mapping[str, bytes]) -> None:
        """See `Sandbox.upload`."""
        folder = SandboxFolder(self.root)
        for path, content in files.items():
            folder.write(path, content)

    def remove(self, paths: Sequence[str]) -> None:
        """See `Sandbox.remove`."""
        folder = SandboxFolder(self.root)
        for path in paths:
            folder.remove(path)

    def run(self, command: Sequence[str] | str, *, timeout_seconds: int) -> CommandResult:
        """See `Sandbox.run`; an evaluation waits no longer than its own limits."""
        line = command if isinstance(command, str) else shlex.join(command)
        limits = Limits(
            wall_seconds=min(timeout_seconds, LIMITS.wall_seconds),
            cpu_seconds=LIMITS.cpu_seconds,
            memory_bytes=LIMITS.memory_bytes,
            processes=LIMITS.processes,
        )
        done = self.executor.run(["sh", "-c", line], workspace=self.root, limits=limits)
        return CommandResult(
            line, done.exit_code, done.stdout, done.stderr, done.duration_seconds, timed_out=done.timed_out
        )

    def read(self, paths: Sequence[str]) -> dict[str, bytes]:
        """See `Sandbox.read`."""
        folder = SandboxFolder(self.root)
        return {path: folder.read(path) for path in paths}

    def close(self) -> None:
        """See `Sandbox.close`."""
        shutil.rmtree(self.root, ignore_errors=True)

    def __enter__(self) -> Self:
        """The sandbox itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close."""
        self.close()


@dataclass(frozen=True)
class ExecutorSandboxes:
    """Opens folders."""

    executor: Executor

    def open(self, *, name: str, timeout_seconds: int) -> ExecutorSandbox:
        """See `Sandboxes.open`."""
        del timeout_seconds
        return ExecutorSandbox(
            self.executor, Path(tempfile.mkdtemp(prefix=f"slipway-{name[-20:]}-")).resolve()
        )
