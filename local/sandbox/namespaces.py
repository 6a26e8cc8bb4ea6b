"""The executor on the kernel's namespaces, for Linux without bubblewrap; needs util-linux's `unshare`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from local.sandbox.contract import Completed, Limits
from local.sandbox.environment import clean_environment, interpreter_of, visible
from local.sandbox.private_root import Layout
from local.sandbox.supervision import WARDEN, supervise

PRIVATE_ROOT = Path(__file__).with_name("private_root.py")
NEW_NAMESPACES = (
    "--user",
    "--map-root-user",
    "--mount",
    "--net",
    "--pid",
    "--ipc",
    "--uts",
    "--fork",
    "--kill-child",
)


class NamespaceExecutor:
    """Runs commands in new user, mount, network, PID, IPC and UTS namespaces with a private root."""

    kind = "namespaces"
    description = (
        "kernel namespaces: no network, private file system and processes, limits on time, memory and output"
    )
    isolates_network = True
    isolates_files = True

    def __init__(self, program: str, *, toolchain: Path) -> None:
        """`program` is the path of `unshare`."""
        self._program = program
        self._toolchain = toolchain

    def run(
        self,
        argv: Sequence[str],
        *,
        workspace: Path,
        env: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        read_only: Mapping[Path, str] | None = None,
    ) -> Completed:
        """See `Executor.run`."""
        interpreter = interpreter_of(self._toolchain)
        layout = json.dumps(self._layout(workspace, read_only or {}))
        enter = [str(interpreter), "-I", "-S", str(PRIVATE_ROOT), layout]
        return supervise(
            argv,
            wrap=lambda inner: [self._program, *NEW_NAMESPACES, "--", *enter, *inner],
            interpreter=interpreter,
            workspace=workspace,
            env=clean_environment(self._toolchain, home="/tmp", extra=env),
            limits=limits or Limits(),
        )

    def _layout(self, workspace: Path, read_only: Mapping[Path, str]) -> Layout:
        seen = visible(self._toolchain)
        binds = {**{path: str(path) for path in (*seen.paths, WARDEN)}, **read_only}
        return Layout(
            symlinks=list(seen.symlinks),
            read_only=[(str(path), inside) for path, inside in binds.items()],
            writable=[(str(workspace), str(workspace))],
        )
