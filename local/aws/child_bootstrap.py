"""First steps of every child process: die with the emulator, reach nothing but this machine.

It runs inside the child, where only the standard library can be imported.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
import threading
from pathlib import Path


def die_with_emulator() -> None:
    """End this process and all it started when the emulator is gone, however it went.

    Every child holds the read end of one pipe whose write end only the emulator has.
    """
    lifeline = int(os.environ.pop("SLIPWAY_LIFELINE"))

    def watch() -> None:
        while os.read(lifeline, 1):
            pass
        kill_own_group()

    threading.Thread(target=watch, daemon=True, name="lifeline").start()


def kill_own_group() -> None:
    """Kill this process's group, this process included."""
    os.killpg(os.getpgid(0), signal.SIGKILL)


def guard_network() -> None:
    """Load the loopback guard from beside this file and install it."""
    # Loaded by path: this folder must not be importable from the code that the child runs.
    path = Path(__file__).with_name("loopback_guard.py")
    spec = importlib.util.spec_from_file_location("slipway_loopback_guard", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"no loopback guard at {path}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    module.install()
