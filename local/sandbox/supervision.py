"""Runs one isolated program from outside: feeds nothing, caps what it says, ends it when its time is up."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from local.sandbox.contract import TIMED_OUT_EXIT_CODE, Completed, Limits

WARDEN = Path(__file__).with_name("warden.py")
GRACE_SECONDS = 5.0
HEAD_SHARE = (
    4  # A quarter of the cap is kept from the beginning, the rest from the end, where verdicts stand.
)


def supervise(
    argv: Sequence[str],
    *,
    wrap: Callable[[Sequence[str]], Sequence[str]],
    interpreter: Path,
    workspace: Path,
    env: Mapping[str, str],
    limits: Limits,
) -> Completed:
    """Run `argv` under a warden; `wrap` puts isolation around the warden's own command line."""
    lifeline, ours = os.pipe()
    started = time.monotonic()
    try:
        spec = _spec(argv, workspace=workspace, env=env, limits=limits, lifeline=lifeline)
        program = subprocess.Popen(
            [*wrap([str(interpreter), "-I", "-S", str(WARDEN), spec])],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(lifeline,),
            start_new_session=True,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath)},
        )
    except BaseException:
        os.close(ours)
        raise
    finally:
        os.close(lifeline)
    with program:
        try:
            streams = [
                _Capture(stream, cap=limits.output_bytes) for stream in (program.stdout, program.stderr)
            ]
            timed_out = _wait(program, seconds=limits.wall_seconds)
        finally:
            os.close(ours)
            _end(program)
        output, errors = (stream.text() for stream in streams)
    return Completed(
        exit_code=TIMED_OUT_EXIT_CODE if timed_out else _exit_code(program.returncode),
        stdout=output,
        stderr=errors,
        timed_out=timed_out,
        truncated=any(stream.truncated for stream in streams),
        duration_seconds=time.monotonic() - started,
    )


def _spec(
    argv: Sequence[str], *, workspace: Path, env: Mapping[str, str], limits: Limits, lifeline: int
) -> str:
    return json.dumps(
        {
            "argv": list(argv),
            "env": dict(env),
            "cwd": str(workspace),
            "lifeline": lifeline,
            "limits": {
                "AS": limits.memory_bytes,
                "CPU": limits.cpu_seconds,
                "FSIZE": limits.file_bytes,
                "NOFILE": 4096,
                "NPROC": limits.processes + _tasks_of_this_user(),
            },
        }
    )


def _tasks_of_this_user() -> int:
    """What already counts against this user's process limit: without it a busy desktop could not fork."""
    count = 0
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # It ended while we looked.
            if entry.stat().st_uid == os.getuid():
                count += len(list((entry / "task").iterdir()))
    return count


def _wait(program: subprocess.Popen[bytes], *, seconds: float) -> bool:
    """Whether the time ran out first."""
    try:
        program.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return True
    return False


def _end(program: subprocess.Popen[bytes]) -> None:
    """The closed lifeline makes the warden end everything; if it does not, its whole group is killed."""
    try:
        program.wait(timeout=GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()


def _exit_code(code: int) -> int:
    return code if code >= 0 else 128 - code


class _Capture:
    """Reads a stream to its end on a thread and keeps its beginning and its end within a cap."""

    def __init__(self, stream: IO[bytes] | None, *, cap: int) -> None:
        assert stream is not None
        self._stream = stream
        self._head_cap = cap // HEAD_SHARE
        self._tail_cap = cap - self._head_cap
        self._head = bytearray()
        self._tail = bytearray()
        self._left_out = 0
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    @property
    def truncated(self) -> bool:
        """Whether something was left out."""
        return self._left_out > 0

    def text(self) -> str:
        """All that was kept, once the stream has ended."""
        self._thread.join(timeout=GRACE_SECONDS)
        head, tail = self._head.decode(errors="replace"), self._tail.decode(errors="replace")
        return f"{head}\n[... {self._left_out} bytes left out ...]\n{tail}" if self._left_out else head + tail

    def _read(self) -> None:
        while chunk := os.read(self._stream.fileno(), 65536):
            room = self._head_cap - len(self._head)
            self._head += chunk[:room]
            self._tail += chunk[max(room, 0) :]
            excess = len(self._tail) - self._tail_cap
            if excess > 0:
                del self._tail[:excess]
                self._left_out += excess
