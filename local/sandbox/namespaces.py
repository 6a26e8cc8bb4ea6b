"""The executor on the kernel's namespaces, for Linux without bubblewrap; needs util-linux's `unshare`."""

from __future__ import annotations

import json
from pathlib import Path

from local.sandbox.environment import interpreter_of
from local.sandbox.isolated import IsolatedExecutor, View
from local.sandbox.private_root import Layout

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


class NamespaceExecutor(IsolatedExecutor):
    """Runs commands in new user, mount, network, PID, IPC and UTS namespaces with a private root."""

    kind = "namespaces"
    mechanism = "kernel namespaces"

    def _prefix(self, view: View) -> list[str]:
        layout = Layout(
            symlinks=list(view.symlinks),
            read_only=list(view.read_only),
            writable=[(view.workspace, view.workspace)],
        )
        enter = [str(interpreter_of(self._toolchain)), "-I", "-S", str(PRIVATE_ROOT), json.dumps(layout)]
        return [self._program, *NEW_NAMESPACES, "--", *enter]
