"""One child process: started with its log file, ready by health check, stopped with all its children."""

from __future__ import annotations

import ctypes
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_PR_SET_PDEATHSIG = 1
_children: dict[int, subprocess.Popen[bytes]] = {}
"""Processes that this one started and must reap."""


class ServiceFailed(Exception):
    """A service ended or did not become healthy; carries the end of its log."""


@dataclass(frozen=True)
class Service:
    """What to start. `health` answers 2xx once the service is ready."""

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str]
    health: str
    log: Path
    cwd: Path


@dataclass(frozen=True)
class Running:
    """A started service; `created` guards against a recycled pid."""

    name: str
    pid: int
    created: float
    health: str
    log: str


def start(service: Service) -> Running:
    """Start without waiting."""
    service.log.parent.mkdir(parents=True, exist_ok=True)
    with service.log.open("ab") as log:
        child = subprocess.Popen(
            service.argv,
            cwd=service.cwd,
            env=dict(service.environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
    _children[child.pid] = child
    return Running(
        service.name, child.pid, psutil.Process(child.pid).create_time(), service.health, str(service.log)
    )


def start_background(argv: Sequence[str], *, cwd: Path, log: Path) -> subprocess.Popen[bytes]:
    """Start a process that outlives this one, with an empty log; `reap` it if it ends before."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as sink:
        child = subprocess.Popen(
            argv,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _children[child.pid] = child
    return child


def reap(pid: int) -> None:
    """Collect the exit of a process that this one started, if it did."""
    if child := _children.pop(pid, None):
        child.wait()


def wait_healthy(running: Running, *, deadline_seconds: float = 90) -> None:
    """Return when the health URL answers; raise ServiceFailed when the process ends or time is up."""
    end = time.monotonic() + deadline_seconds
    while not is_healthy(running):
        if not is_alive(running) or time.monotonic() > end:
            raise ServiceFailed(
                f"{running.name} did not become ready; the end of {running.log}:\n{_tail(Path(running.log))}"
            )
        time.sleep(0.05)


def is_healthy(running: Running) -> bool:
    """Whether the health URL answers 2xx now."""
    try:
        with urllib.request.urlopen(running.health, timeout=2) as answer:
            return bool(200 <= answer.status < 300)
    except (urllib.error.URLError, OSError):
        return False


def is_alive(running: Running) -> bool:
    """Whether this very process still runs."""
    if child := _children.get(running.pid):
        return child.poll() is None
    process = _process(running)
    return process is not None and process.status() != psutil.STATUS_ZOMBIE


def stop(running: Running, *, grace_seconds: float = 8) -> None:
    """SIGTERM the process, wait for it to end in order, then SIGKILL whatever is left of its family."""
    process = _process(running)
    if process is None or not is_alive(running):
        reap(running.pid)
        return
    family = [process, *process.children(recursive=True)]
    _signal(process, signal.SIGTERM)
    psutil.wait_procs([process], timeout=grace_seconds)
    for member in family:
        _signal(member, signal.SIGKILL)
    psutil.wait_procs(family, timeout=3)
    reap(running.pid)


def free_port(preferred: int | None = None) -> int:
    """A free loopback port; the preferred one when nothing listens there, so that addresses stay."""
    for candidate in (preferred, 0):
        if candidate is None:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ServiceFailed("no free port on 127.0.0.1")


def _process(running: Running) -> psutil.Process | None:
    try:
        process = psutil.Process(running.pid)
        return process if abs(process.create_time() - running.created) < 1 else None
    except psutil.NoSuchProcess:
        return None


def _signal(process: psutil.Process, number: int) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


def _die_with_parent() -> None:
    """A supervisor that is killed takes its services with it (Linux)."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _tail(log: Path, *, lines: int = 25) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else "(no log)"
