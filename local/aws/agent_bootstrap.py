"""The AgentCore runtime's side of one agent process: run the asset's entry point on a free port.

Started as a script with only the standard library: `agent_bootstrap.py PORT CODE ENTRY...`.
"""

from __future__ import annotations

import importlib.util
import os
import runpy
import socket
import sys
from pathlib import Path

CONTRACT_PORTS = frozenset({8080, 8000, 9000})
"""HTTP, MCP and A2A: the ports on which AgentCore expects an agent to listen."""

WRAPPERS = frozenset({"opentelemetry-instrument", "python", "python3"})
"""Words before the script in an entry point; tracing is not emulated and Python is this one."""


def listen_on(port: int) -> None:
    """Make an agent that listens on the contract's port listen on `port` of the loopback instead."""
    stock_bind = socket.socket.bind

    def bind(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and len(address) >= 2 and address[1] in CONTRACT_PORTS:
            # An IPv6 wildcard would not take an IPv4 address.
            host = "::1" if self.family == socket.AF_INET6 else "127.0.0.1"
            stock_bind(self, (host, port, *address[2:]))
        else:
            stock_bind(self, address)  # type: ignore[arg-type]  # whatever the caller gave

    socket.socket.bind = bind  # type: ignore[method-assign,assignment]  # the redirection itself


def run_entry_point(code: Path, entry: list[str]) -> None:
    """Run `main.py`, or `-m module`, as the process's main program."""
    words = list(entry)
    while words and words[0] in WRAPPERS:
        words.pop(0)
    if not words:
        raise SystemExit(f"entry point {entry} names no script")
    sys.path.insert(0, str(code))
    if words[0] == "-m":
        sys.argv = words[1:]
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = [str(code / words[0]), *words[1:]]
        runpy.run_path(sys.argv[0], run_name="__main__")


def bootstrap() -> None:
    """Prepare the process, then become the agent."""
    path = Path(__file__).with_name("child_bootstrap.py")
    spec = importlib.util.spec_from_file_location("slipway_child_bootstrap", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"no child bootstrap at {path}")
    child = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(child)
    child.die_with_emulator()
    child.guard_network()
    port, code, *entry = sys.argv[1:]
    listen_on(int(port))
    os.chdir(code)
    run_entry_point(Path(code), entry)


if __name__ == "__main__":
    bootstrap()
