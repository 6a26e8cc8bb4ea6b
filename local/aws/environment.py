"""The emulator's own locked virtual environment: its botocore is not the project's."""

from __future__ import annotations

import argparse
from pathlib import Path

from local.locked_environment import LockedEnvironment

LOCK = Path(__file__).with_name("requirements.lock")


def ensure(directory: Path) -> Path:
    """Make the environment in `directory` unless it already matches the lock; return its interpreter."""
    return LockedEnvironment(lock=LOCK, directory=directory).ensure()


def main() -> None:
    """Make the environment and print its interpreter."""
    parser = argparse.ArgumentParser(prog="python -m local.aws.environment", description=__doc__)
    parser.add_argument("directory", type=Path)
    print(ensure(parser.parse_args().directory.resolve()))


if __name__ == "__main__":
    main()
