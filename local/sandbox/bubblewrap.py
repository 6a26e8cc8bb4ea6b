"""The executor on bubblewrap: own namespaces, a private root, no privileges."""

from __future__ import annotations

from local.sandbox.isolated import IsolatedExecutor, View
from local.sandbox.private_root import KERNEL_SETTINGS


class BubblewrapExecutor(IsolatedExecutor):
    """Runs commands under `bwrap`."""

    kind = "bubblewrap"
    mechanism = "bubblewrap"

    def _prefix(self, view: View) -> list[str]:
        options = ["--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
        options += ["--uid", "1000", "--gid", "1000", "--hostname", "sandbox"]
        options += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
        # Started by root, the command still is the machine's root to the kernel, which owns its settings.
        for place in (f"/proc/{name}" for name in KERNEL_SETTINGS):
            options += ["--ro-bind-try", place, place]
        for target, link in view.symlinks:
            options += ["--symlink", target, link]
        for path, inside in view.read_only:
            options += ["--ro-bind", path, inside]
        options += ["--bind", view.workspace, view.workspace, "--remount-ro", "/"]
        return [self._program, *options, "--"]
