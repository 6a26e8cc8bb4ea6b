"""The executor of last resort: resource limits, where the system offers no isolation."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from local.sandbox.contract import Completed, Limits
from local.sandbox.environment import clean_environment, interpreter_of
from local.sandbox.supervision import supervise


class LimitedExecutor:
    """Runs commands as ordinary processes: they can reach the network and read the user's files."""

    kind = "limited"
    description = (
        "resource limits only: clean environment, limits on time, memory and output; "
        "NOT isolated from the network or from files (on Linux, install bubblewrap)"
    )
    isolates_network = False
    isolates_files = False

    def __init__(self, *, toolchain: Path) -> None:
        """Nothing but the toolchain is needed."""
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
        """See `Executor.run`; everything is visible where it is, so `read_only` can only name it there."""
        for path, inside in (read_only or {}).items():
            if str(path) != inside:
                raise ValueError(
                    f"without file isolation {path} cannot be shown at {inside}; use its own path"
                )
        with tempfile.TemporaryDirectory(prefix="slipway-sandbox-", ignore_cleanup_errors=True) as home:
            return supervise(
                argv,
                wrap=lambda inner: inner,
                interpreter=interpreter_of(self._toolchain),
                workspace=workspace,
                env=clean_environment(self._toolchain, home=home, extra=env),
                limits=limits or Limits(),
            )
