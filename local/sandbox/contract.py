"""What it means to run a command of someone else's: the limits, the result and the executor's interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

MEBIBYTE = 1024 * 1024
TIMED_OUT_EXIT_CODE = 124


@dataclass(frozen=True)
class Limits:
    """The most that one command may use.

    Processor time, memory and file size count for each process. Linux does not count the processes of root.
    """

    wall_seconds: float = 120
    cpu_seconds: int = 120
    memory_bytes: int = 2048 * MEBIBYTE
    processes: int = 512
    file_bytes: int = 100 * MEBIBYTE
    output_bytes: int = 1 * MEBIBYTE


@dataclass(frozen=True)
class Completed:
    """A command that ended; 124 when it was stopped for its time, 128 + n when signal n ended it."""

    exit_code: int
    stdout: str
    stderr: str
    timed_out: bool
    truncated: bool
    duration_seconds: float


class Executor(Protocol):
    """Runs commands in isolation; says honestly how much isolation that is."""

    kind: str
    description: str
    isolates_network: bool
    isolates_files: bool

    def run(
        self,
        argv: Sequence[str],
        *,
        workspace: Path,
        env: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        read_only: Mapping[Path, str] | None = None,
    ) -> Completed:
        """Run `argv` in `workspace`, the only place it can write to beside its private temporary folder.

        `env` is added to a clean environment. `read_only` maps a path of this machine to where the command
        sees it; only an executor that isolates files can show it elsewhere than where it is.
        """
