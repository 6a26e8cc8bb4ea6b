from __future__ import annotations

import json
import os
import threading
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.agents import AGENT_ROLE, template, upload
from tests.emulator.emulator_process import Emulator, eventually

pytestmark = pytest.mark.emulator


@pytest.fixture(scope="module")
def agent(emulator: Emulator) -> str:
    return emulator.deploy("agents", template(upload(emulator, version="one")))["Arn"]


def session() -> str:
    return f"session-{uuid.uuid4()}"


def call(emulator: Emulator, arn: str, request: dict[str, Any], **more: Any) -> dict[str, Any]:
    more.setdefault("runtimeSessionId", session())
    reply = emulator.client("bedrock-agentcore").invoke_agent_runtime(
        agentRuntimeArn=arn, payload=json.dumps(request).encode(), **more
    )
    answer: dict[str, Any] = json.loads(reply["response"].read())
    return answer


def running(emulator: Emulator, name: str = "tester") -> list[dict[str, Any]]:
    return [row for row in emulator.ask("agents")[1] if row["agent"] == name]


def test_an_invocation_reaches_the_deployed_code(emulator: Emulator, agent: str) -> None:
    mine = session()
    answer = call(emulator, agent, {"prompt": "hello"}, runtimeSessionId=mine)
    assert answer["version"] == "one"
    assert answer["request"] == {"prompt": "hello"}
    assert answer["session"] == mine
    assert answer["environment"]["MODEL_TIER"] == "fast"
    assert answer["authorization"] is None


def test_an_agents_token_names_its_role(emulator: Emulator, agent: str) -> None:
    token = call(emulator, agent, {})["environment"]["AWS_SESSION_TOKEN"]
    assert emulator.ask(f"identities/{token}")[1] == {
        "role_arn": AGENT_ROLE,
        "principal_arn": "arn:aws:sts::000000000000:assumed-role/agent-role/tester",
    }


def test_events_arrive_one_by_one(emulator: Emulator, agent: str) -> None:
    reply = emulator.client("bedrock-agentcore").invoke_agent_runtime(
        agentRuntimeArn=agent,
        runtimeSessionId=session(),
        payload=b'{"do": "stream"}',
        accept="text/event-stream",
    )
    assert reply["contentType"] == "text/event-stream"
    arrivals = [(line, time.monotonic()) for line in reply["response"].iter_lines(chunk_size=1) if line]
    assert [line for line, _ in arrivals] == [b"data: 0", b"data: 1", b"data: 2"]
    assert arrivals[2][1] > arrivals[0][1]


def test_the_status_lists_the_process(emulator: Emulator, agent: str) -> None:
    mine = session()
    pid = call(emulator, agent, {}, runtimeSessionId=mine)["pid"]
    [row] = running(emulator)
    assert (row["pid"], row["version"]) == (pid, "1")
    assert mine in row["sessions"]
    assert "agent starting" in Path(row["log"]).read_text()


def test_a_refusal_of_the_agent_is_a_client_error(emulator: Emulator, agent: str) -> None:
    with pytest.raises(ClientError, match="no such field") as failure:
        call(emulator, agent, {"do": "refuse"})
    assert failure.value.response["Error"]["Code"] == "RuntimeClientError"
    assert failure.value.response["ResponseMetadata"]["HTTPStatusCode"] == 424


def test_a_short_session_id_is_refused(emulator: Emulator, agent: str) -> None:
    with pytest.raises(Exception, match="33"):
        call(emulator, agent, {}, runtimeSessionId="short")


def test_an_agent_that_dies_is_reported_and_started_again(emulator: Emulator, agent: str) -> None:
    first = call(emulator, agent, {})["pid"]
    with pytest.raises(ClientError, match="broke off"):
        call(emulator, agent, {"do": "die"})
    second = call(emulator, agent, {})["pid"]
    assert first != second


def test_a_killed_agent_breaks_off_its_request(emulator: Emulator, agent: str) -> None:
    pid = call(emulator, agent, {})["pid"]
    failures: list[BaseException] = []

    def hang() -> None:
        try:
            call(emulator, agent, {"do": "hang"})
        except ClientError as error:
            failures.append(error)

    caller = threading.Thread(target=hang)
    caller.start()
    eventually(lambda: running(emulator)[0]["busy"], within_seconds=10, what="agent is busy")
    assert emulator.ask("agents/tester/kill", method="POST") == (200, {"killed": [pid]})
    caller.join(timeout=10)
    assert "broke off" in str(failures[0])
    assert running(emulator) == []
    assert emulator.ask("agents/tester/kill", method="POST")[0] == 404


def test_a_stopped_session_ends_the_process_when_it_was_the_last(emulator: Emulator, agent: str) -> None:
    emulator.ask("agents/tester/kill", method="POST")
    mine = session()
    pid = call(emulator, agent, {}, runtimeSessionId=mine)["pid"]
    emulator.client("bedrock-agentcore").stop_runtime_session(agentRuntimeArn=agent, runtimeSessionId=mine)
    assert running(emulator) == []
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_embedded_metrics_of_an_agent_become_metrics(emulator: Emulator, agent: str) -> None:
    call(emulator, agent, {"do": "metric"})
    cloudwatch = emulator.client("cloudwatch")

    def names() -> set[str]:
        return {metric["MetricName"] for metric in cloudwatch.list_metrics()["Metrics"]}

    eventually(lambda: {"Tokens", "Invocations"} <= names(), within_seconds=5, what="metrics are listed")


def test_an_idle_agent_is_stopped(emulator: Emulator) -> None:
    arn = emulator.deploy(
        "idle-agent", template(upload(emulator, version="idle"), idle_seconds=1, name="idler")
    )["Arn"]
    call(emulator, arn, {})
    eventually(lambda: not running(emulator, "idler"), within_seconds=15, what="idle agent stopped")


def test_an_update_moves_the_live_endpoint_and_leaves_the_pinned_one(emulator: Emulator, agent: str) -> None:
    outputs = emulator.deploy("agents", template(upload(emulator, version="two")))
    assert outputs["Version"] == "2"
    assert call(emulator, agent, {}, qualifier="live")["version"] == "two"
    assert call(emulator, agent, {})["version"] == "two"
    assert call(emulator, agent, {}, qualifier="pinned")["version"] == "one"
    emulator.deploy("agents", template("agent-two.zip", pinned="2"))
    assert call(emulator, agent, {}, qualifier="pinned")["version"] == "two"
    with pytest.raises(ClientError, match="nowhere"):
        call(emulator, agent, {}, qualifier="nowhere")


def test_code_that_is_not_there_is_said_so(emulator: Emulator) -> None:
    arn = emulator.deploy("broken-agent", template("missing.zip", name="broken"))["Arn"]
    with pytest.raises(ClientError, match=r"not at s3://agent-assets/missing\.zip"):
        call(emulator, arn, {})
