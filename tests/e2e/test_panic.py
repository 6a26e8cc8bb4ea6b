"""What people on call order works on what is deployed: also while an agent no longer answers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import JsonValue

from slipway.domain.event import EventKind
from slipway.domain.task import TaskState
from slipway.services import panic
from slipway.services.dispatch_tasks import dispatch_tasks
from slipway.services.stop_task import stop_task
from tests.e2e.laptop import Laptop, eventually

pytestmark = pytest.mark.e2e


@pytest.fixture(autouse=True)
def reopened(laptop: Laptop) -> Iterator[None]:
    """Other tests share the laptop: whatever happens here, its queue goes on."""
    yield
    panic.resume(laptop.platform, actor="the test")


def slipway_panic(*arguments: str) -> dict[str, JsonValue]:
    """As a person on call types it; its output is one JSON document and nothing else."""
    command = [str(Path(sys.executable).with_name("slipway")), "panic", *arguments, "--output", "json"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    document: dict[str, JsonValue] = json.loads(ran.stdout)
    return document


def agent_processes(laptop: Laptop, agent: str) -> list[int]:
    answer = httpx.get(f"{laptop.record.addresses.emulator}/_slipway/agents", timeout=30).json()
    return [row["pid"] for row in answer if row["agent"] == agent]


def test_stopping_all_ends_a_stuck_agent_and_holds_the_queue(laptop: Laptop) -> None:
    # A process of the laptop serves many sessions; this one shall hold ours alone, as in AWS.
    httpx.post(f"{laptop.record.addresses.emulator}/_slipway/agents/dev_planning/kill", timeout=30)
    task_id = laptop.file_sample("default")
    eventually(lambda: laptop.kinds(task_id).count(EventKind.RUN_STARTED) == 2)
    (pid,) = agent_processes(laptop, "dev_planning")
    os.kill(pid, signal.SIGSTOP)

    (shown,) = [row for row in rows(slipway_panic("status"), "running") if row["task_id"] == task_id]
    assert (shown["state"], shown["agent"]) == ("planning", "planning")
    stopped = slipway_panic("stop", "--all", "--reason", "stuck")

    assert {"task_id": task_id, "state": "stopped", "problem": ""} in rows(stopped, "stopped")
    assert "stuck" in (laptop.platform.tasks.get(task_id).reason or "")
    assert laptop.platform.workflow.status(task_id) == "stopped"
    eventually(lambda: pid not in agent_processes(laptop, "dev_planning"))
    assert EventKind.STOP_INCOMPLETE not in laptop.kinds(task_id)
    assert task_id not in laptop.platform.tasks.running()


def test_a_drained_platform_accepts_and_holds_and_goes_on_when_resumed(laptop: Laptop) -> None:
    running = laptop.file_sample("default")
    laptop.wait_for(running, TaskState.DISCOVERING, TaskState.PLANNING)
    assert slipway_panic("drain", "--reason", "deploying")["draining"] is True

    waiting = laptop.file_sample("quick-checkout")
    laptop.wait_for(running, TaskState.AWAITING_APPROVAL)
    assert dispatch_tasks(laptop.platform, seen=[waiting]) == []
    assert waiting in rows_of_text(slipway_panic("status"), "queued")
    assert laptop.platform.tasks.get(waiting).state is TaskState.QUEUED

    assert waiting in rows_of_text(slipway_panic("resume"), "started")
    laptop.wait_for(waiting, TaskState.ESCALATED)
    stop_task(running, actor="olive", reason="enough", platform=laptop.platform)


def rows(document: dict[str, JsonValue], name: str) -> list[dict[str, JsonValue]]:
    found = document[name]
    assert isinstance(found, list)
    return [row for row in found if isinstance(row, dict)]


def rows_of_text(document: dict[str, JsonValue], name: str) -> list[JsonValue]:
    found = document[name]
    assert isinstance(found, list)
    return found
