"""Chooses the strongest executor that really works on this machine, by trying each."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from local.sandbox.bubblewrap import BubblewrapExecutor
from local.sandbox.contract import Executor, Limits
from local.sandbox.environment import interpreter_of
from local.sandbox.limited import LimitedExecutor
from local.sandbox.namespaces import NamespaceExecutor

PROBE_LIMITS = Limits(wall_seconds=20)


def open_executor(toolchain: Path, *, only: str | None = None) -> Executor:
    """The first that works of bubblewrap, namespaces and limits; `only` asks for one kind."""
    toolchain = toolchain.absolute()
    if not interpreter_of(toolchain).exists():
        raise FileNotFoundError(f"no sandbox toolchain at {toolchain}; run `make setup` to create it")
    for executor in _candidates(toolchain):
        if (only is None or executor.kind == only) and works(executor):
            return executor
    raise RuntimeError(f"no sandbox executor{f' of kind {only!r}' if only else ''} works on this machine")


def works(executor: Executor) -> bool:
    """Whether a trivial command runs and can write where it should."""
    with tempfile.TemporaryDirectory(prefix="slipway-probe-") as folder:
        workspace = Path(folder).resolve()
        done = executor.run(["python", "-c", "open('probe', 'w')"], workspace=workspace, limits=PROBE_LIMITS)
        return done.exit_code == 0 and (workspace / "probe").exists()


def _candidates(toolchain: Path) -> Iterator[Executor]:
    if bwrap := shutil.which("bwrap"):
        yield BubblewrapExecutor(bwrap, toolchain=toolchain)
    if unshare := shutil.which("unshare"):
        yield NamespaceExecutor(unshare, toolchain=toolchain)
    yield LimitedExecutor(toolchain=toolchain)
