"""A service is ready by health check and leaves nothing behind."""

import os
import sys
from pathlib import Path

import psutil
import pytest

from local.supervisor.process import (
    Service,
    ServiceFailed,
    free_port,
    is_alive,
    is_healthy,
    start,
    stop,
    wait_healthy,
)

SERVER = """
import http.server, subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *_): ...
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


def service(folder: Path, code: str) -> Service:
    port = free_port()
    return Service(
        name="example",
        argv=[sys.executable, "-c", code, str(port)],
        environment=dict(os.environ),
        health=f"http://127.0.0.1:{port}/health",
        log=folder / "example.log",
        cwd=folder,
    )


def test_a_service_is_ready_when_it_answers_and_gone_with_its_children_when_stopped(tmp_path: Path) -> None:
    running = start(service(tmp_path, SERVER))
    wait_healthy(running)
    family = [psutil.Process(running.pid), *psutil.Process(running.pid).children(recursive=True)]
    assert len(family) == 2

    stop(running)

    assert not is_healthy(running)
    assert not is_alive(running)
    assert not any(member.is_running() and member.status() != psutil.STATUS_ZOMBIE for member in family)


def test_a_service_that_ends_says_why(tmp_path: Path) -> None:
    running = start(service(tmp_path, "raise SystemExit('no such table')"))
    with pytest.raises(ServiceFailed, match="no such table"):
        wait_healthy(running)


def test_a_port_is_kept_while_it_is_free() -> None:
    port = free_port()
    assert free_port(port) == port
