"""The process that stands between us and an untrusted command: sets its limits, and ends whatever it leaves.

It is started as a plain script with the toolchain's interpreter (`python -I -S warden.py SPEC`), inside
whatever isolation the executor made, so it uses the standard library only. It ends every descendant of the
command when the command ends, and when its lifeline (a pipe whose other end the executor holds) closes: a
killed executor therefore leaves nothing running.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, TypedDict

PR_SET_CHILD_SUBREAPER = 36
STOPPED_BY_LIFELINE = 137


class Spec(TypedDict):
    """What the executor asks for; travels as one JSON argument."""

    argv: list[str]
    env: dict[str, str]
    cwd: str
    lifeline: int
    limits: dict[str, int]


def main(arguments: Sequence[str]) -> int:
    """Run the command of the spec and return its exit code."""
    spec: Spec = json.loads(arguments[0])
    _adopt_orphans()
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    child = os.fork()
    if child == 0:
        _become(spec)
    code = _wait(child, lifeline=spec["lifeline"], woken=wake_read)
    _end_descendants(child)
    return code


def _become(spec: Spec) -> NoReturn:
    """Turn this forked child into the command."""
    try:
        os.setpgid(0, 0)
        os.close(spec["lifeline"])
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.chdir(spec["cwd"])
        _limit(spec["limits"])
        os.execvpe(spec["argv"][0], spec["argv"], spec["env"])
    except OSError as error:
        os.write(2, f"sandbox: cannot run {spec['argv'][0]!r}: {error.strerror}\n".encode())
        os._exit(127 if isinstance(error, FileNotFoundError) else 126)


def _limit(limits: dict[str, int]) -> None:
    for name, amount in {**limits, "CORE": 0}.items():
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if kind is None:
            continue
        ceiling = resource.getrlimit(kind)[1]
        soft = amount if ceiling == resource.RLIM_INFINITY else min(amount, ceiling)
        # At the soft CPU limit a signal says why; one second later the hard one ends what ignored it.
        hard = soft + 1 if name == "CPU" and ceiling in {resource.RLIM_INFINITY, soft + 1} else soft
        with contextlib.suppress(ValueError, OSError):  # macOS knows RLIMIT_AS and refuses to set it.
            resource.setrlimit(kind, (soft, hard))


def _wait(child: int, *, lifeline: int, woken: int) -> int:
    """The child's exit code, or the code for stopped when our lifeline closes first."""
    while True:
        readable, _, _ = select.select([lifeline, woken], [], [])
        if lifeline in readable:
            return STOPPED_BY_LIFELINE
        os.read(woken, 4096)
        code = _reap(child)
        if code is not None:
            return code


def _reap(child: int) -> int | None:
    """Collect every process that ended; the child's exit code when it was among them."""
    found = None
    while True:
        try:
            ended, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found
        if ended == 0:
            return found
        if ended == child:
            code = os.waitstatus_to_exitcode(status)
            found = code if code >= 0 else 128 - code


def _adopt_orphans() -> None:
    """On Linux an orphaned grandchild becomes ours, so that it cannot escape by leaving its group."""
    if sys.platform == "linux" and os.getpid() != 1:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _end_descendants(child: int) -> None:
    """Kill what is left; for process 1 of a PID namespace the kernel does it at exit."""
    # The group may be empty, or hold nothing but zombies, which macOS refuses to signal.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    if os.getpid() == 1:
        return
    while children := _children_of(os.getpid()):
        for pid in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in children:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _children_of(parent: int) -> list[int]:
    """Direct children by /proc; none where there is no /proc, as on macOS, where the group kill has to do."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = entry.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(entry.parent.name))
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
