"""How the emulator starts a child process: isolated interpreter, clean environment, sure death."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from local.aws.configuration import HOST, NO_CLOUD

GRACE_SECONDS = 2.0


def interpreter_command(python: Path, script: Path, *, bytecode: Path) -> list[str]:
    """Run `script` with the standard library only: what the asset does not carry is missing, as in AWS."""
    return [str(python), "-I", "-S", "-X", f"pycache_prefix={bytecode}", str(script)]


def clean_environment(*, home: Path) -> dict[str, str]:
    """The few variables that a managed runtime has; nothing of the user's shell."""
    return {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": os.defpath,
        "PYTHONUNBUFFERED": "1",
        "TZ": "UTC",
        **NO_CLOUD,
    }


def aws_environment(*, port: int, region: str, account: str, token: str) -> dict[str, str]:
    """What leads an unchanged AWS client to the emulator under its own identity."""
    return {
        "AWS_ACCESS_KEY_ID": account,
        "AWS_DEFAULT_REGION": region,
        # The emulator has one host name; modelled prefixes such as `sync-` do not resolve.
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_ENDPOINT_URL": f"http://{HOST}:{port}",
        "AWS_REGION": region,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SESSION_TOKEN": token,
    }


class Lifeline:
    """A pipe whose write end only this process has, so that children notice any kind of death."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()

    def start(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        stdin: int = subprocess.DEVNULL,
        stderr: int = subprocess.STDOUT,
    ) -> subprocess.Popen[bytes]:
        """Start a child in its own process group that ends with this process."""
        return subprocess.Popen(
            command,
            cwd=folder,
            env={**environment, "SLIPWAY_LIFELINE": str(self._read)},
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            start_new_session=True,
            pass_fds=(self._read,),
        )


def stop(processes: Iterable[subprocess.Popen[bytes]], *, grace_seconds: float = GRACE_SECONDS) -> None:
    """End process groups: ask all, wait once, then force."""
    asked = list(processes)
    for process in asked:
        _signal_group(process, signal.SIGTERM)
    for process in asked:
        try:
            process.wait(timeout=grace_seconds)
        except subprocess.TimeoutExpired:
            print(f"process {process.pid} ignored SIGTERM: killed", file=sys.stderr)
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process with everything that it started, and collect it; its readers close their pipes."""
    _signal_group(process, signal.SIGKILL)
    process.wait()
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
