"""A virtual environment made by uv from a lock with hashes, kept while that lock is the same."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

STAMP = "slipway.lock.sha256"


class EnvironmentNotReady(RuntimeError):
    """A locked environment could not be made."""


@dataclass(frozen=True, kw_only=True)
class LockedEnvironment:
    """Packages that conflict with the project's own, or are too many for it, in a place of their own."""

    lock: Path
    directory: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.program("python")

    def program(self, name: str) -> Path:
        """One of its console scripts."""
        return self.directory / "bin" / name

    def ensure(self) -> Path:
        """Make it unless it already matches its lock; return its interpreter."""
        if self.is_ready():
            return self.python
        self.directory.parent.mkdir(parents=True, exist_ok=True)
        self._uv("venv", "--quiet", "--clear", "--python", sys.executable, str(self.directory))
        self._uv("pip", "sync", "--quiet", "--require-hashes", "--python", str(self.python), str(self.lock))
        self._stamp.write_text(self._fingerprint(), encoding="utf-8")
        return self.python

    def is_ready(self) -> bool:
        """Whether the directory holds what the lock describes."""
        return (
            self.python.exists()
            and self._stamp.exists()
            and self._stamp.read_text(encoding="utf-8") == self._fingerprint()
        )

    @property
    def _stamp(self) -> Path:
        return self.directory / STAMP

    def _fingerprint(self) -> str:
        return hashlib.sha256(self.lock.read_bytes() + sys.version.encode()).hexdigest()

    def _uv(self, *arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "uv", *arguments], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise EnvironmentNotReady(
                f"uv {' '.join(arguments[:2])} failed with {done.returncode} for {self.lock}: "
                f"{done.stderr.strip()[-2000:]}; the network is needed for this one step"
            )
