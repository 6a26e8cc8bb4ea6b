"""Where untrusted code runs: no network, no credentials, limits on time and output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self


@dataclass(frozen=True)
class CommandResult:
    """One command that ended; a command that ran out of time has exit code 124 and `timed_out`."""

    command: str
    exit_code: int
    stdout: str
    stderr: str
    duration_seconds: float
    timed_out: bool = False

    @property
    def output(self) -> str:
        """Both streams, standard output first, for evidence and for a reader."""
        return "\n".join(part.rstrip("\n") for part in (self.stdout, self.stderr) if part.strip())


class Sandbox(Protocol):
    """One open session: a private folder of files and a place to run commands in it.

    Paths are relative to the session's folder, with `/` between parts.
    """

    def upload(self, files: Mapping[str, bytes]) -> None:
        """Write these files, making folders as needed and replacing what is there."""

    def remove(self, paths: Sequence[str]) -> None:
        """Delete these files; one that is not there is `NotFound`."""

    def run(self, command: Sequence[str] | str, *, timeout_seconds: int) -> CommandResult:
        """Run a program with its arguments, or a line of shell, in the session's folder."""

    def read(self, paths: Sequence[str]) -> dict[str, bytes]:
        """The bytes of these files; one that is not there is `NotFound`."""

    def close(self) -> None:
        """End the session and forget its files; closing twice is fine."""

    def __enter__(self) -> Self:
        """The sandbox itself."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close."""


class Sandboxes(Protocol):
    """Opens sandboxes."""

    def open(self, *, name: str, timeout_seconds: int) -> Sandbox:
        """A new empty session that ends by itself after `timeout_seconds`; `name` is for people."""
