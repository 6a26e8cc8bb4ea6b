from __future__ import annotations

import os
import queue
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.aws.agent_pool import AgentPool
from local.aws.agent_process import AgentDidNotStart, AgentLaunch, AgentProcess
from local.aws.child_processes import Lifeline

AGENT = """
import json, os
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"status": os.environ.get("STATUS", "Healthy")}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass

print("ready soon", flush=True)
HTTPServer(("127.0.0.1", 8080), Handler).serve_forever()
"""


class Pool:
    """A pool and what it told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ended: list[str] = []
        self.lines: queue.Queue[str] = queue.Queue()
        self.pool = AgentPool(lifeline=Lifeline(), on_end=lambda launch: self.ended.append(launch.token))

    def launch(self, source: str = AGENT, **more: Any) -> AgentLaunch:
        (self.folder / "main.py").write_text(source)
        settings: dict[str, Any] = {
            "runtime_id": "planning-1",
            "name": "planning",
            "version": "1",
            "code": self.folder,
            "entry_point": ("main.py",),
            "environment": {"PATH": os.defpath},
            "python": Path(sys.executable),
            "bytecode": self.folder / "bytecode",
            "log": self.folder / "log" / "agent.log",
            "token": "token",
            "idle_seconds": 0.0,
            "start_seconds": 30.0,
        }
        return AgentLaunch(**{**settings, **more})

    def acquire(self, session: str = "s", **more: Any) -> AgentProcess:
        return self.pool.acquire(
            ("planning-1", more.get("version", "1")),
            session,
            describe=lambda: self.launch(**more),
            on_line=self.lines.put,
        )


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    found = Pool(tmp_path)
    yield found
    found.pool.close()


def test_one_process_serves_all_sessions_of_a_version(pool: Pool) -> None:
    first, second = pool.acquire("one"), pool.acquire("two")
    assert first is second
    assert first.sessions == {"one", "two"}
    assert first.requests_in_flight == 2


def test_an_idle_agent_is_stopped(pool: Pool) -> None:
    agent = pool.acquire()
    pool.pool.stop_idle()
    assert agent.is_alive, "a request is in flight"
    agent.end()
    pool.pool.stop_idle()
    assert not agent.is_alive
    assert pool.ended == ["token"]
    assert pool.pool.running() == []


def test_a_busy_agent_is_not_idle(pool: Pool) -> None:
    agent = pool.acquire(environment={"PATH": os.defpath, "STATUS": "HealthyBusy"})
    agent.end()
    pool.pool.stop_idle()
    assert agent.is_alive
    assert agent.document()["busy"] is True


def test_an_agent_ends_with_its_last_session(pool: Pool) -> None:
    agent = pool.acquire("one")
    pool.acquire("two")
    assert pool.pool.stop_session("planning-1", "one")
    assert agent.is_alive
    assert pool.pool.stop_session("planning-1", "two")
    assert not agent.is_alive
    assert not pool.pool.stop_session("planning-1", "two")


def test_a_killed_agent_is_replaced_at_its_next_use(pool: Pool) -> None:
    first = pool.acquire()
    assert pool.pool.kill("planning") == [first.process.pid]
    assert pool.pool.kill("planning") == []
    assert pool.acquire().process.pid != first.process.pid


def test_an_agent_that_ends_at_once_is_explained_by_its_log(pool: Pool) -> None:
    with pytest.raises(AgentDidNotStart, match="ended with status 1") as failure:
        pool.acquire(source="raise KeyError('MODEL')")
    assert pool.ended == ["token"]
    assert "agent.log" in str(failure.value)


def test_an_agent_that_stays_silent_is_given_up(pool: Pool) -> None:
    with pytest.raises(AgentDidNotStart, match="did not answer /ping within 0 s"):
        pool.acquire(source="import time; time.sleep(60)", start_seconds=0.0)


def test_what_an_agent_prints_is_in_its_log(pool: Pool) -> None:
    agent = pool.acquire()
    assert pool.lines.get(timeout=30) == "ready soon"
    assert agent.launch.log.read_text() == "ready soon\n"


def test_a_closed_pool_starts_nothing(pool: Pool) -> None:
    pool.pool.close()
    with pytest.raises(RuntimeError, match="the emulator is stopping"):
        pool.acquire()
