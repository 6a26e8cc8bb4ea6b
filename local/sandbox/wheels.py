"""Fetching wheels with uv for the toolchain's interpreter: nothing is built, so nothing of theirs is run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from local.sandbox.environment import interpreter_of

PATIENCE_SECONDS = 300
_NETWORK = ("error sending request", "Failed to fetch", "Request failed after", "dns error", "timed out")


class Refusal(Exception):
    """The index was asked and cannot serve this."""


class Unreachable(Exception):
    """No index answered, and what was fetched before is not enough."""


@dataclass(frozen=True)
class Wheels:
    """uv, bound to a toolchain; `options` name another index than the user's own."""

    toolchain: Path
    options: tuple[str, ...] = ()

    def install(self, requirements: Sequence[str], *, limits: Sequence[str], folder: Path) -> None:
        """Put the wheels and all that they need into a folder; from uv's cache where no index answers."""
        if not requirements:
            return
        try:
            self._uv(requirements, limits, "--target", str(folder))
        except Unreachable as problem:
            try:
                self._uv(requirements, limits, "--target", str(folder), "--offline")
            except Refusal:
                raise problem from None

    def check(self, requirements: Sequence[str], *, limits: Sequence[str]) -> None:
        """Find out whether they go together, without fetching more than their descriptions."""
        with tempfile.TemporaryDirectory() as nowhere:
            self._uv(requirements, limits, "--target", nowhere, "--dry-run")

    def _uv(self, requirements: Sequence[str], limits: Sequence[str], *more: str) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            wanted, limiting = Path(scratch, "requirements.txt"), Path(scratch, "constraints.txt")
            wanted.write_text("".join(f"{text}\n" for text in requirements))
            limiting.write_text("".join(f"{text}\n" for text in limits))
            command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--only-binary", ":all:"]
            command += ["--python", str(interpreter_of(self.toolchain)), *self.options, *more]
            command += ["--requirements", str(wanted), "--constraints", str(limiting)]
            try:
                done = subprocess.run(
                    command,
                    cwd=scratch,
                    env={"UV_HTTP_RETRIES": "1", **os.environ},
                    capture_output=True,
                    text=True,
                    timeout=PATIENCE_SECONDS,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                raise Unreachable(f"no end after {PATIENCE_SECONDS} s") from None
        if done.returncode != 0:
            kind = Unreachable if any(words in done.stderr for words in _NETWORK) else Refusal
            raise kind(_reason(done.stderr))


def _reason(stderr: str) -> str:
    """uv's explanation in one line, without what follows from it."""
    text = " ".join(re.sub(r"^(error|\s*cause|\s*Caused by): ", "", line) for line in stderr.splitlines())
    because = re.search(r"Because (.+?),? (?:and you require|we can conclude)", text)
    return " ".join((because[1] if because else text).split())[:300]
