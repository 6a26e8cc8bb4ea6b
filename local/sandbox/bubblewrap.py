"""The executor on bubblewrap: own namespaces, a private root, no privileges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from local.sandbox.contract import Completed, Limits
from local.sandbox.environment import clean_environment, interpreter_of, visible
from local.sandbox.private_root import KERNEL_SETTINGS
from local.sandbox.supervision import WARDEN, supervise


class BubblewrapExecutor:
    """Runs commands under `bwrap`."""

    kind = "bubblewrap"
    description = (
        "bubblewrap: no network, private file system and processes, limits on time, memory and output"
    )
    isolates_network = True
    isolates_files = True

    def __init__(self, program: str, *, toolchain: Path) -> None:
        """`program` is the path of `bwrap`."""
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
        options = self._options(workspace, read_only or {})
        return supervise(
            argv,
            wrap=lambda inner: [self._program, *options, "--", *inner],
            interpreter=interpreter_of(self._toolchain),
            workspace=workspace,
            env=clean_environment(self._toolchain, home="/tmp", extra=env),
            limits=limits or Limits(),
        )

    def _options(self, workspace: Path, read_only: Mapping[Path, str]) -> list[str]:
        seen = visible(self._toolchain)
        options = ["--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
        options += ["--uid", "1000", "--gid", "1000", "--hostname", "sandbox"]
        options += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
        # Started by root, the command still is the machine's root to the kernel, which owns its settings.
        for place in (f"/proc/{name}" for name in KERNEL_SETTINGS):
            options += ["--ro-bind-try", place, place]
        for target, link in seen.symlinks:
            options += ["--symlink", target, link]
        binds = {**{path: str(path) for path in (*seen.paths, WARDEN)}, **read_only}
        for path, inside in binds.items():
            options += ["--ro-bind", str(path), inside]
        return [*options, "--bind", str(workspace), str(workspace), "--remount-ro", "/"]
