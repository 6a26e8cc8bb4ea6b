"""One running agent: its process, its port, its sessions, and what /ping says of it."""

from __future__ import annotations

import http.client
import json
import logging
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from local.aws import child_processes
from local.aws.child_processes import Lifeline
from local.aws.configuration import HOST

logger = logging.getLogger(__name__)
BOOTSTRAP = Path(__file__).with_name("agent_bootstrap.py")
POLL_SECONDS = 0.05
LineSink = Callable[[str], None]


class AgentDidNotStart(RuntimeError):
    """An agent's process ended or stayed silent before it was ready."""


@dataclass(frozen=True)
class AgentLaunch:
    """What one version of a runtime is started with."""

    runtime_id: str
    name: str
    version: str
    code: Path
    entry_point: tuple[str, ...]
    environment: Mapping[str, str]
    python: Path
    bytecode: Path
    log: Path
    token: str
    idle_seconds: float
    start_seconds: float


@dataclass
class AgentProcess:
    """A started agent that answered /ping."""

    launch: AgentLaunch
    process: subprocess.Popen[bytes]
    port: int
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    sessions: set[str] = field(default_factory=set)
    requests_in_flight: int = 0
    last_used: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def start(cls, launch: AgentLaunch, *, lifeline: Lifeline, on_line: LineSink) -> AgentProcess:
        """Start the entry point and wait until it is healthy."""
        port = free_port()
        command = child_processes.interpreter_command(launch.python, BOOTSTRAP, bytecode=launch.bytecode)
        process = lifeline.start(
            [*command, str(port), str(launch.code), *launch.entry_point],
            environment=launch.environment,
            folder=launch.code,
        )
        launch.log.parent.mkdir(parents=True, exist_ok=True)
        _copy_output(process, launch.log, on_line)
        agent = cls(launch, process, port)
        deadline = time.monotonic() + launch.start_seconds
        while agent.ping() is None:
            if not agent.is_alive or time.monotonic() > deadline:
                reason = (
                    f"ended with status {process.returncode}"
                    if not agent.is_alive
                    else f"did not answer /ping within {launch.start_seconds:.0f} s"
                )
                child_processes.kill(process)
                raise AgentDidNotStart(
                    f"agent {launch.name} version {launch.version} {reason}; "
                    f"see {launch.log}: {tail(launch.log)}"
                )
            time.sleep(POLL_SECONDS)
        return agent

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self.process.poll() is None

    def ping(self) -> str | None:
        """The status that the agent reports, or None while it cannot be asked."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/ping")
            response = connection.getresponse()
            body = response.read()
            return str(json.loads(body).get("status", "")) if response.status == 200 else None
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            return None
        finally:
            connection.close()

    def begin(self, session: str) -> None:
        """Note that a request of this session starts."""
        with self._lock:
            self.sessions.add(session)
            self.requests_in_flight += 1
            self.last_used = time.monotonic()

    def end(self) -> None:
        """Note that a request ended."""
        with self._lock:
            self.requests_in_flight -= 1
            self.last_used = time.monotonic()

    def forget(self, session: str) -> bool:
        """End a session; tell whether it was the last one."""
        with self._lock:
            self.sessions.discard(session)
            return not self.sessions

    def is_idle(self, now: float) -> bool:
        """Whether nothing has used the agent for its idle timeout and it does not say it is busy."""
        with self._lock:
            if self.requests_in_flight or now - self.last_used < self.launch.idle_seconds:
                return False
        if self.ping() == "HealthyBusy":
            self.last_used = now
            return False
        return True

    def document(self) -> dict[str, object]:
        """The row that `GET /_slipway/agents` shows."""
        return {
            "agent": self.launch.name,
            "version": self.launch.version,
            "pid": self.process.pid,
            "port": self.port,
            "log": str(self.launch.log),
            "started_at": self.started_at.isoformat(),
            "sessions": sorted(self.sessions),
            "busy": self.requests_in_flight > 0 or self.ping() == "HealthyBusy",
        }


def free_port() -> int:
    """A port of the loopback that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def tail(log: Path, *, characters: int = 2000) -> str:
    """The end of a log file."""
    return log.read_text(encoding="utf-8", errors="replace")[-characters:] if log.exists() else ""


def _copy_output(process: subprocess.Popen[bytes], log: Path, on_line: LineSink) -> None:
    output = process.stdout
    if output is None:
        raise ValueError("agent started without a pipe for its output")

    def read() -> None:
        with output, log.open("ab") as file:
            for line in output:
                file.write(line)
                file.flush()
                try:
                    on_line(line.decode("utf-8", "replace").rstrip("\n"))
                except Exception:
                    # An unread pipe would stop the agent; the line is in the file.
                    logger.exception("log=<%s> | line not delivered", log)

    threading.Thread(target=read, daemon=True, name=f"agent-output-{process.pid}").start()
