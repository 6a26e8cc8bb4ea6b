"""The emulator's own locked virtual environment, made by uv and kept while its lock is the same."""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).with_name("requirements.lock")
STAMP = "slipway.lock.sha256"


class EnvironmentNotReady(RuntimeError):
    """The emulator's environment could not be made."""


def ensure(directory: Path) -> Path:
    """Make the environment in `directory` unless it already matches the lock; return its interpreter."""
    python = interpreter(directory)
    if is_ready(directory):
        return python
    directory.parent.mkdir(parents=True, exist_ok=True)
    _uv("venv", "--quiet", "--clear", "--python", sys.executable, str(directory))
    _uv("pip", "sync", "--quiet", "--require-hashes", "--python", str(python), str(LOCK))
    (directory / STAMP).write_text(_fingerprint(), encoding="utf-8")
    return python


def is_ready(directory: Path) -> bool:
    """Whether `directory` holds the environment that the lock describes."""
    stamp = directory / STAMP
    return (
        interpreter(directory).exists()
        and stamp.exists()
        and stamp.read_text(encoding="utf-8") == _fingerprint()
    )


def interpreter(directory: Path) -> Path:
    """Where the environment's Python is."""
    return directory / "bin" / "python"


def _fingerprint() -> str:
    return hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()


def _uv(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "uv", *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise EnvironmentNotReady(
            f"uv {' '.join(arguments[:2])} failed with {done.returncode} for {LOCK.name}: "
            f"{done.stderr.strip()[-2000:]}; the network is needed for this one step"
        )


def main() -> None:
    """Make the environment and print its interpreter."""
    parser = argparse.ArgumentParser(prog="python -m local.aws.environment", description=__doc__)
    parser.add_argument("directory", type=Path)
    print(ensure(parser.parse_args().directory.resolve()))


if __name__ == "__main__":
    main()
