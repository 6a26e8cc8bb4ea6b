"""The agent's HTTP side: what it refuses, what it accepts, and what becomes of an accepted run."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import pytest

from slipway.adapters.memory.workflow import MemoryStepTokens
from slipway.agentkit.app import AgentApp
from slipway.agentkit.configuration import AgentConfiguration
from slipway.domain.errors import NotFound, SlipwayError
from slipway.domain.run import RunInvocation, RunRecord

NOW = datetime(2026, 1, 1, tzinfo=UTC)
INVOCATION = {"taskId": "t-1", "step": "plan", "attempt": 1, "requestKey": "tasks/t-1/request.json"}
PATIENCE_SECONDS = 5


@dataclass
class ScriptedRuns:
    """Runs that wait until the test lets them end."""

    release: threading.Event = field(default_factory=threading.Event)
    started: list[int] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)
    records: dict[int, RunRecord] = field(default_factory=dict)
    status: str = "succeeded"
    error: Exception | None = None

    def finished(self, invocation: RunInvocation) -> RunRecord | None:
        return self.records.get(invocation.attempt)

    async def run(
        self, invocation: RunInvocation, *, cancel: threading.Event, active: Callable[[], None]
    ) -> RunRecord:
        self.started.append(invocation.attempt)
        if self.error is not None:
            raise self.error
        while not self.release.is_set() and not cancel.is_set():
            await asyncio.sleep(0.005)
        if cancel.is_set():
            self.cancelled.append(invocation.attempt)
        made = RunRecord.model_validate(
            {
                "task_id": invocation.task_id,
                "step": invocation.step,
                "attempt": invocation.attempt,
                "agent": "planning",
                "status": "cancelled" if cancel.is_set() else self.status,
                "error": None if self.status == "succeeded" else "NeedsHuman",
                "error_message": None if self.status == "succeeded" else "which currency?",
                "started_at": NOW,
                "ended_at": NOW,
            }
        )
        self.records[invocation.attempt] = made
        return made


@dataclass
class Harness:
    runs: ScriptedRuns
    tokens: MemoryStepTokens
    app: AgentApp
    client: httpx.AsyncClient

    async def post(self, **changes: object) -> httpx.Response:
        return await self.client.post("/invocations", json={**INVOCATION, **changes})

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition():
                await asyncio.sleep(0.005)


@pytest.fixture
async def harness() -> AsyncIterator[Harness]:
    runs, tokens = ScriptedRuns(), MemoryStepTokens()
    app = AgentApp(
        runs,
        step_tokens=tokens,
        configuration=AgentConfiguration(heartbeat_seconds=0.01, max_body_bytes=2_000),
    )
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://agent") as client:
        made = Harness(runs, tokens, app, client)
        yield made
        runs.release.set()
        await made.until(lambda: app.get_async_task_info()["active_count"] == 0)


async def test_a_body_that_is_not_json_is_refused(harness: Harness) -> None:
    assert (await harness.client.post("/invocations", content=b"{")).status_code == 400


@pytest.mark.parametrize("payload", [[1], None, "text", {"taskId": "t-1"}, {**INVOCATION, "attempt": 0}])
async def test_a_payload_that_is_no_invocation_is_refused_with_its_fields(
    harness: Harness, payload: object
) -> None:
    response = await harness.client.post("/invocations", content=json.dumps(payload))
    assert response.status_code == 422
    assert response.json()["fields"]


async def test_an_unknown_key_is_named(harness: Harness) -> None:
    response = await harness.post(surprise=1)
    assert response.json()["fields"][0]["field"] == "surprise"


async def test_a_declared_body_over_the_limit_is_refused(harness: Harness) -> None:
    assert (await harness.post(requestKey="x" * 3_000)).status_code == 413


async def test_an_undeclared_body_over_the_limit_is_refused(harness: Harness) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"x" * 100

    assert (await harness.client.post("/invocations", content=chunks())).status_code == 413


async def test_an_accepted_run_answers_at_once_and_completes_its_token(harness: Harness) -> None:
    harness.tokens.issue("token-1")
    response = await harness.post(taskToken="token-1")
    assert response.json() == {"status": "accepted", "runId": "t-1.plan.1"}
    harness.runs.release.set()
    await harness.until(lambda: "token-1" in harness.tokens.outputs)
    assert json.loads(harness.tokens.outputs["token-1"]) == {
        "runId": "t-1.plan.1",
        "resultKey": "tasks/t-1/runs/plan-1/result.json",
        "costUsd": 0.0,
    }


async def test_a_repeated_delivery_does_not_start_a_second_run(harness: Harness) -> None:
    harness.tokens.issue("token-1")
    await harness.post(taskToken="token-1")
    again = await harness.post(taskToken="token-1")
    assert again.json()["status"] == "running"
    harness.runs.release.set()
    await harness.until(lambda: bool(harness.tokens.outputs))
    assert harness.runs.started == [1]


async def test_a_repeated_delivery_completes_the_newest_token(harness: Harness) -> None:
    harness.tokens.issue("token-1")
    await harness.post(taskToken="token-1")
    await harness.until(lambda: harness.runs.started == [1])
    harness.tokens.issue("token-2")
    await harness.post(taskToken="token-2")
    harness.runs.release.set()
    await harness.until(lambda: "token-2" in harness.tokens.outputs)


async def test_a_finished_run_is_reported_again_without_running(harness: Harness) -> None:
    harness.runs.release.set()
    await harness.post()
    harness.tokens.issue("token-1")
    await harness.post(taskToken="token-1")
    await harness.until(lambda: "token-1" in harness.tokens.outputs)
    assert harness.runs.started == [1]


async def test_heartbeats_are_sent_while_a_run_works(harness: Harness) -> None:
    harness.tokens.issue("token-1")
    await harness.post(taskToken="token-1")
    await harness.until(lambda: len(harness.tokens.heartbeats) >= 3)


async def test_a_workflow_that_no_longer_waits_cancels_the_run(harness: Harness) -> None:
    harness.tokens.issue("token-1")
    await harness.post(taskToken="token-1")
    await harness.until(lambda: harness.runs.started == [1])
    harness.tokens.open.clear()
    await harness.until(lambda: harness.runs.cancelled == [1])
    assert harness.tokens.failures == {}


async def test_a_newer_attempt_cancels_the_older_one(harness: Harness) -> None:
    harness.tokens.issue("token-1")
    harness.tokens.issue("token-2")
    await harness.post(taskToken="token-1")
    await harness.until(lambda: harness.runs.started == [1])
    await harness.post(taskToken="token-2", attempt=2)
    await harness.until(lambda: harness.runs.cancelled == [1])
    assert harness.tokens.failures == {}


async def test_a_run_that_needs_a_person_fails_its_token_by_that_name(harness: Harness) -> None:
    harness.runs.status = "needs_human"
    harness.runs.release.set()
    harness.tokens.issue("token-1")
    await harness.post(taskToken="token-1")
    await harness.until(lambda: "token-1" in harness.tokens.failures)
    assert harness.tokens.failures["token-1"] == ("NeedsHuman", "which currency?")


async def test_a_fault_while_concluding_gives_nothing_away(harness: Harness) -> None:
    harness.runs.error = RuntimeError("secret-internals")
    harness.tokens.issue("token-1")
    await harness.post(taskToken="token-1")
    await harness.until(lambda: "token-1" in harness.tokens.failures)
    name, cause = harness.tokens.failures["token-1"]
    assert name == "AgentFault"
    assert "secret-internals" not in cause


async def test_a_direct_call_waits_for_the_record(harness: Harness) -> None:
    harness.runs.release.set()
    response = await harness.post()
    assert response.json()["status"] == "succeeded"
    assert harness.tokens.outputs == {}


@pytest.mark.parametrize(
    ("error", "status", "shown"),
    [(NotFound("no request at k"), 404, "no request at k"), (RuntimeError("internals"), 500, "log")],
)
async def test_errors_of_a_direct_call_are_mapped(
    harness: Harness, error: SlipwayError | RuntimeError, status: int, shown: str
) -> None:
    harness.runs.error = error
    response = await harness.post()
    assert response.status_code == status
    assert shown in response.json()["message"]
    assert "internals" not in response.text


async def test_ping_says_whether_the_agent_works(harness: Harness) -> None:
    assert (await harness.client.get("/ping")).json()["status"] == "Healthy"
    harness.tokens.issue("token-1")
    await harness.post(taskToken="token-1")
    busy = (await harness.client.get("/ping")).json()
    assert busy["status"] == "HealthyBusy"
    assert busy["time_of_last_update"] > 0


async def test_a_process_that_must_stop_hands_its_runs_back_to_the_workflow(harness: Harness) -> None:
    harness.tokens.issue("token-1")
    async with harness.app.router.lifespan_context(harness.app):
        await harness.post(taskToken="token-1")
        await harness.until(lambda: harness.runs.started == [1])
    assert harness.tokens.failures["token-1"][0] == "UpstreamUnavailable"
    await harness.until(lambda: harness.runs.cancelled == [1])
