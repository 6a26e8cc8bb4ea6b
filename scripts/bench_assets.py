"""Sizes of the assets that AWS gets, and the time from an agent's process start to its first /ping."""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from agents.registry import AGENTS
from local.supervisor.layout import ROOT
from scripts.output import result, table
from stacks.packaging.archive import unpacked_bytes
from stacks.packaging.bundles import Bundle, LockedBundles
from stacks.packaging.dependencies import AGENTS as PACKAGES
from stacks.packaging.target import AWS, host

_STARTS = 3
_PATIENCE_SECONDS = 60.0


class NeverAnswered(RuntimeError):
    """An agent's process ended, or stayed silent, before its first /ping."""


def main() -> int:
    """Print both tables."""
    result.print(table(("asset for arm64", "MB zipped", "MB unpacked"), list(sizes())))
    result.print(table(("agent", "seconds to the first /ping"), list(start_ups())))
    return 0


def sizes() -> Iterator[tuple[str, str, str]]:
    """Every agent without and with telemetry, and what the functions share."""
    plain = LockedBundles(ROOT, AWS)
    traced = LockedBundles(ROOT, AWS, agents=PACKAGES.extended(("telemetry",)))
    for name in AGENTS:
        yield _size(name, plain.agent(name))
        yield _size(f"{name} with telemetry", traced.agent(name))
    yield _size("functions", plain.functions())


def start_ups() -> Iterator[tuple[str, str]]:
    """The median of a few starts of each agent's own asset, built for this machine."""
    bundles = LockedBundles(ROOT, host(), agents=PACKAGES.extended(host().extras))
    for name in AGENTS:
        with tempfile.TemporaryDirectory() as folder:
            with zipfile.ZipFile(bundles.agent(name).path) as asset:
                asset.extractall(folder)
            seconds = statistics.median(_start_up(name, Path(folder)) for _ in range(_STARTS))
        yield name, f"{seconds:.2f}"


def _size(name: str, bundle: Bundle) -> tuple[str, str, str]:
    zipped = bundle.path.stat().st_size / 1e6
    return name, f"{zipped:.1f}", f"{unpacked_bytes(bundle.path) / 1e6:.1f}"


def _start_up(name: str, folder: Path) -> float:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    own = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "SLIPWAY_"))}
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "main.py"],
        cwd=folder,
        env={
            **own,
            "AWS_REGION": "eu-west-1",
            "PORT": str(port),
            "PYTHONPATH": str(folder),
            "SLIPWAY_AGENT": name,
            "SLIPWAY_ENVIRONMENT": "bench",
            "SLIPWAY_MODEL_PROVIDER": "deterministic",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while time.monotonic() - started < _PATIENCE_SECONDS and process.poll() is None:
            if _answers(port):
                return time.monotonic() - started
            time.sleep(0.01)
    finally:
        process.kill()
        process.wait()
    raise NeverAnswered(
        f"agent {name} did not answer /ping on port {port}; start its main.py by hand to see why"
    )


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", "/ping")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
