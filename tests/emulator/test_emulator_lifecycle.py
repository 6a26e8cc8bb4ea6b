from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.emulator.agents import template, upload
from tests.emulator.emulator_process import Emulator, eventually
from tests.emulator.functions import ensure_function, invoke
from tests.emulator.test_agent_runtimes import call

pytestmark = pytest.mark.emulator


@pytest.fixture
def own_emulator(tmp_path: Path) -> Emulator:
    return Emulator(tmp_path / "state")


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie that waits for its parent is not running.
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def populate(emulator: Emulator) -> tuple[str, list[int]]:
    """Deploy an agent and a function and use both; return the agent's ARN and the children's ids."""
    emulator.start()
    arn = emulator.deploy("agents", template(upload(emulator, version="one")))["Arn"]
    ensure_function(emulator, "worker")
    emulator.client("sqs").create_queue(QueueName="kept")
    return arn, [call(emulator, arn, {})["pid"], invoke(emulator, "worker", {})[0]["pid"]]


def assert_everything_is_there(emulator: Emulator, arn: str) -> None:
    assert call(emulator, arn, {}, qualifier="live")["version"] == "one"
    assert invoke(emulator, "worker", {"n": 1})[0]["event"] == {"n": 1}
    assert len(emulator.client("sqs").list_queues()["QueueUrls"]) == 1
    assert emulator.deploy("agents", template("agent-one.zip"))["Version"] == "1"


def test_a_stop_is_quick_leaves_no_child_and_loses_nothing(own_emulator: Emulator) -> None:
    arn, children = populate(own_emulator)
    seconds = own_emulator.stop()
    print(f"stopped in {seconds:.2f} s")
    assert not [pid for pid in children if is_running(pid)]
    own_emulator.start()
    try:
        assert_everything_is_there(own_emulator, arn)
    finally:
        own_emulator.stop()


def test_a_killed_emulator_leaves_no_child_and_loses_only_the_last_moments(own_emulator: Emulator) -> None:
    arn, children = populate(own_emulator)
    saved = own_emulator.state / "services"
    eventually(
        lambda: "kept" in (saved / "sqs.json").read_text() if (saved / "sqs.json").exists() else False,
        within_seconds=10,
        what="a snapshot holds the queue",
    )
    own_emulator.stop(signal.SIGKILL)
    eventually(
        lambda: not [pid for pid in children if is_running(pid)], within_seconds=5, what="children are gone"
    )
    own_emulator.start()
    try:
        assert_everything_is_there(own_emulator, arn)
    finally:
        own_emulator.stop()


def test_real_credentials_in_the_environment_are_not_used(tmp_path: Path) -> None:
    emulator = Emulator(
        tmp_path / "state",
        AWS_ACCESS_KEY_ID="AKIAREALREALREALREAL",
        AWS_SECRET_ACCESS_KEY="real",
        AWS_SESSION_TOKEN="real-token",
    )
    emulator.start()
    try:
        ensure_function(emulator, "worker")
        environment, _ = invoke(emulator, "worker", {"do": "environment"})
    finally:
        emulator.stop()
    assert environment["AWS_ACCESS_KEY_ID"] == "000000000000"
    assert "real" not in environment["AWS_SECRET_ACCESS_KEY"] + environment["AWS_SESSION_TOKEN"]


def test_the_overlay_is_laid_over_deployed_variables(tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.json"
    overlay.write_text(
        '{"lambda": {"GITHUB_API_URL": "http://127.0.0.1:1"}, "agent": {"MODEL_TIER": "deep"}}'
    )
    emulator = Emulator(tmp_path / "state", SLIPWAY_OVERLAY=str(overlay))
    try:
        arn, _ = populate(emulator)
        assert invoke(emulator, "worker", {"do": "environment"})[0]["GITHUB_API_URL"] == "http://127.0.0.1:1"
        assert call(emulator, arn, {})["environment"]["MODEL_TIER"] == "deep"
    finally:
        emulator.stop()
