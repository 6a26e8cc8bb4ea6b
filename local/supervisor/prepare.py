"""Sets up what the laptop needs beside the virtual environment: CDK CLI, emulator, sandbox toolchain.

`python -m local.supervisor.prepare` is the last step of `make setup`; each step is skipped when up to date.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from local.aws.environment import ensure as ensure_emulator
from local.sandbox.toolchain import ensure_toolchain
from local.supervisor.layout import Layout, layout
from local.supervisor.node import install_packages


def prepare(where: Layout, *, say: Callable[[str], None]) -> None:
    """Bring every tool up to date."""
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        ("CDK CLI", lambda: install_packages(where.root)),
        ("AWS emulator", lambda: ensure_emulator(where.emulator_environment)),
        ("sandbox toolchain", lambda: ensure_toolchain(where.toolchain)),
    )
    for name, step in steps:
        started = time.monotonic()
        step()
        say(f"{name} ready ({time.monotonic() - started:.1f} s)")


if __name__ == "__main__":
    prepare(layout(), say=lambda line: print(line, file=sys.stderr))
