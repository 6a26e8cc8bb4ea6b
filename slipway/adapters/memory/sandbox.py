"""A sandbox in memory for tests: files are kept, and commands answer as the test's script says."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from slipway.domain.errors import NotFound
from slipway.ports.sandbox import CommandResult

Script = Callable[[str, Mapping[str, bytes]], CommandResult]
"""Given the command line and the files at that moment, what running it gives."""


def succeed(command: str, _files: Mapping[str, bytes]) -> CommandResult:
    """The script of a world where every command works and says nothing."""
    return CommandResult(command, exit_code=0, stdout="", stderr="", duration_seconds=0.0)


@dataclass
class MemorySandbox:
    """One session; `commands` are the lines that were run."""

    name: str
    script: Script = succeed
    files: dict[str, bytes] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    is_closed: bool = False

    def upload(self, files: Mapping[str, bytes]) -> None:
        """See `Sandbox.upload`."""
        self._must_be_open()
        self.files.update(files)

    def remove(self, paths: Sequence[str]) -> None:
        """See `Sandbox.remove`."""
        self._must_have(paths)
        for path in paths:
            del self.files[path]

    def run(self, command: Sequence[str] | str, *, timeout_seconds: int) -> CommandResult:
        """See `Sandbox.run`."""
        self._must_be_open()
        if timeout_seconds <= 0:
            raise ValueError(f"a command may take 1 s or more, not {timeout_seconds}")
        line = command if isinstance(command, str) else shlex.join(command)
        self.commands.append(line)
        return self.script(line, self.files)

    def read(self, paths: Sequence[str]) -> dict[str, bytes]:
        """See `Sandbox.read`."""
        self._must_have(paths)
        return {path: self.files[path] for path in paths}

    def close(self) -> None:
        """See `Sandbox.close`."""
        self.is_closed = True

    def __enter__(self) -> Self:
        """The sandbox itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    def _must_have(self, paths: Sequence[str]) -> None:
        self._must_be_open()
        if missing := sorted(set(paths) - set(self.files)):
            raise NotFound(f"sandbox {self.name} has no file {', '.join(missing)}")

    def _must_be_open(self) -> None:
        if self.is_closed:
            raise NotFound(f"sandbox {self.name} is closed")


@dataclass
class MemorySandboxes:
    """Opens memory sandboxes with one script and remembers them."""

    script: Script = succeed
    opened: list[MemorySandbox] = field(default_factory=list)

    def open(self, *, name: str, timeout_seconds: int) -> MemorySandbox:
        """See `Sandboxes.open`."""
        if timeout_seconds <= 0:
            raise ValueError(f"a sandbox may live 1 s or more, not {timeout_seconds}")
        self.opened.append(MemorySandbox(name=name, script=self.script))
        return self.opened[-1]
