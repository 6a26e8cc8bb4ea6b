"""Runs commands on a repository in the sandbox, each in a fresh copy, so that none influences the next."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field

from slipway.domain.errors import UpstreamUnavailable
from slipway.ports.sandbox import CommandResult, Sandbox, Sandboxes

TREE, OVERLAY, WORK = "tree", "overlay", "work"
SETUP_FAILED = 125
# Copies keep times and sizes, so stale bytecode could stand in for a changed file of the same size.
ENVIRONMENT = "export PYTHONDONTWRITEBYTECODE=1 CI=1 NO_COLOR=1"


@dataclass(kw_only=True)
class Bench:
    """One sandbox session for one repository, opened with the first run."""

    sandboxes: Sandboxes
    name: str
    session_seconds: int
    _sandbox: Sandbox | None = None
    _loaded: dict[str, bytes] = field(default_factory=dict)

    def run(
        self,
        line: str,
        *,
        files: Mapping[str, bytes],
        overlay: Mapping[str, str | None] | None = None,
        timeout_seconds: int,
    ) -> CommandResult:
        """Run a line of shell in a fresh copy of `files` with `overlay` over it; None removes a file."""
        sandbox = self._open()
        self._load(sandbox, files)
        over = overlay or {}
        written = {f"{OVERLAY}/{path}": text.encode() for path, text in over.items() if text is not None}
        if written:
            sandbox.upload(written)
        removed = [f"{WORK}/{path}" for path, text in over.items() if text is None]
        setup = [f"rm -rf {WORK}", f"mkdir -p {TREE} {OVERLAY}", f"cp -Rp {TREE} {WORK}"]
        setup += [f"cp -Rp {OVERLAY}/. {WORK}/", f"rm -rf {OVERLAY}"]
        if removed:
            setup.append(f"rm -f {shlex.join(removed)}")
        result = sandbox.run(
            f"{{ {' && '.join(setup)}; }} || exit {SETUP_FAILED}\n{ENVIRONMENT}\n{line}",
            timeout_seconds=timeout_seconds,
        )
        if result.exit_code == SETUP_FAILED and not result.timed_out:
            raise UpstreamUnavailable(
                f"sandbox {self.name} could not prepare a fresh copy: {result.output[-500:]}"
            )
        return result

    def close(self) -> None:
        """End the session."""
        if self._sandbox is not None:
            self._sandbox.close()
            self._sandbox = None
            self._loaded = {}

    def _open(self) -> Sandbox:
        if self._sandbox is None:
            self._sandbox = self.sandboxes.open(name=self.name, timeout_seconds=self.session_seconds)
        return self._sandbox

    def _load(self, sandbox: Sandbox, files: Mapping[str, bytes]) -> None:
        """Only what changed since the last run is sent."""
        changed = {path: body for path, body in files.items() if self._loaded.get(path) != body}
        gone = [path for path in self._loaded if path not in files]
        if changed:
            sandbox.upload({f"{TREE}/{path}": body for path, body in changed.items()})
        if gone:
            sandbox.remove([f"{TREE}/{path}" for path in gone])
        self._loaded = dict(files)
