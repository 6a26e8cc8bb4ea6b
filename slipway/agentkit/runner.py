"""Runs one invocation from its stored request to its stored result."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol

from pydantic import ValidationError

from slipway.agentkit.agent_loop import UsageMeter, answer_of
from slipway.agentkit.configuration import AgentConfiguration
from slipway.agentkit.context import RequestT, RunContext
from slipway.agentkit.definition import AgentDefinition, AnswerT, ResponseT, ToolboxT
from slipway.agentkit.gateway import Gateway
from slipway.agentkit.guards import Guards
from slipway.agentkit.guards_outgoing import GuardedGateway
from slipway.agentkit.models.choice import ModelSource
from slipway.agentkit.outcomes import Failure, failure_of
from slipway.agentkit.transcript import Transcript
from slipway.domain import artifact_keys
from slipway.domain.errors import InvalidInput, SlipwayError
from slipway.domain.event import EventKind
from slipway.domain.metrics import Dimension, Metric
from slipway.domain.run import RunInvocation, RunRecord, RunUsage
from slipway.domain.step import run_id
from slipway.ports.artifacts import Artifacts
from slipway.ports.clock import Clock, utc_now
from slipway.ports.event_log import EventLog
from slipway.ports.metrics import Metrics
from slipway.ports.sandbox import Sandboxes

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class RunPorts:
    """What runs need of the platform."""

    artifacts: Artifacts
    event_log: EventLog
    metrics: Metrics
    sandboxes: Sandboxes
    open_gateway: Callable[[], Gateway]
    clock: Clock = utc_now


class Runs(Protocol):
    """Carries out invocations; what the HTTP side needs to know."""

    def finished(self, invocation: RunInvocation) -> RunRecord | None:
        """The record of a run that already ended."""
        ...

    async def run(
        self, invocation: RunInvocation, *, cancel: threading.Event, active: Callable[[], None]
    ) -> RunRecord:
        """Do the work; never raises for what went wrong in it."""
        ...


@dataclass(frozen=True, kw_only=True)
class Runner(Generic[RequestT, ToolboxT, AnswerT, ResponseT]):
    """Runs of one agent."""

    definition: AgentDefinition[RequestT, ToolboxT, AnswerT, ResponseT]
    configuration: AgentConfiguration
    ports: RunPorts
    model_source: ModelSource
    _dimensions: dict[Dimension, str] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """The agent's own dimension goes on every metric."""
        self._dimensions[Dimension.AGENT] = self.definition.spec.name

    def finished(self, invocation: RunInvocation) -> RunRecord | None:
        """The record of a run that already ended, whichever process ran it."""
        key = artifact_keys.run_result(invocation.task_id, invocation.step, invocation.attempt)
        if not self.ports.artifacts.exists(key):
            return None
        return RunRecord.model_validate_json(self.ports.artifacts.get(key))

    async def run(
        self,
        invocation: RunInvocation,
        *,
        cancel: threading.Event,
        active: Callable[[], None] = lambda: None,
    ) -> RunRecord:
        """Read the request, run the agent, store transcript and result, count cost and metrics."""
        started_at = self.ports.clock()
        transcript = Transcript(self.ports.clock)
        meter = UsageMeter(RunUsage())
        response: ResponseT | None = None
        failure: Failure | None = None
        try:
            response = await self._work(
                invocation, transcript=transcript, meter=meter, cancel=cancel, active=active, now=started_at
            )
        except Exception as error:
            failure = failure_of(error, run_id=_run_id(invocation))
        record = RunRecord(
            task_id=invocation.task_id,
            step=invocation.step,
            attempt=invocation.attempt,
            agent=self.definition.spec.name,
            agent_version=self.configuration.agent_version,
            status=failure.status if failure else "succeeded",
            response=response.model_dump(mode="json", by_alias=True) if response else None,
            error=failure.error if failure else None,
            error_message=failure.message if failure else None,
            usage=meter.usage,
            started_at=started_at,
            ended_at=self.ports.clock(),
        )
        await asyncio.to_thread(self._store, record, transcript)
        return record

    def request_of(self, invocation: RunInvocation) -> RequestT:
        """The request as stored; the message of a broken one names its fields."""
        body = self.ports.artifacts.get(invocation.request_key)
        try:
            return self.definition.request.model_validate_json(body)
        except ValidationError as error:
            problems = "; ".join(
                f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()
            )
            raise InvalidInput(
                f"the request at {invocation.request_key} breaks its contract: {problems}"
            ) from None

    async def _work(
        self,
        invocation: RunInvocation,
        *,
        transcript: Transcript,
        meter: UsageMeter,
        cancel: threading.Event,
        active: Callable[[], None],
        now: datetime,
    ) -> ResponseT:
        request = await asyncio.to_thread(self.request_of, invocation)
        model = self.model_source(self.definition.spec.model_tier)
        run = RunContext(
            request=request,
            spec=self.definition.spec,
            task_id=invocation.task_id,
            step=invocation.step,
            attempt=invocation.attempt,
            model_id=model.model_id,
            artifacts=self.ports.artifacts,
            event_log=self.ports.event_log,
            gateway=GuardedGateway(self.ports.open_gateway(), run_id=_run_id(invocation)),
            sandboxes=self.ports.sandboxes,
            clock=self.ports.clock,
            output_characters=model.output_characters,
        )
        meter.usage = RunUsage(model_id=model.model_id)
        guards = Guards(run=run, started_at=now, active=active)
        await asyncio.to_thread(
            run.record, EventKind.RUN_STARTED, _started(run), {"run_id": run.run_id, "model": model.model_id}
        )
        self._count(Metric.RUNS_STARTED)
        toolbox: ToolboxT | None = None
        try:
            toolbox = self.definition.toolbox(run)
            return await answer_of(
                self.definition,
                toolbox,
                run=run,
                model=model,
                guards=guards,
                transcript=transcript,
                meter=meter,
                cancel=cancel,
            )
        finally:
            self._count(Metric.TOOL_CALLS, guards.tool_calls)
            self._count(Metric.TOOL_ERRORS, guards.tool_errors)
            if toolbox is not None:
                await asyncio.to_thread(toolbox.close)
            await asyncio.to_thread(run.gateway.close)

    def _store(self, record: RunRecord, transcript: Transcript) -> None:
        """Result before event and cost: a result that is there is what makes a repeated delivery harmless."""
        keys = (record.task_id, record.step, record.attempt)
        self.ports.artifacts.put(
            artifact_keys.run_transcript(*keys), transcript.body(), content_type="application/x-ndjson"
        )
        self.ports.artifacts.put(
            artifact_keys.run_result(*keys), record.model_dump_json(by_alias=True).encode()
        )
        try:
            self._append_end(record)
            if record.usage.cost_usd:
                self.ports.event_log.add_cost(record.task_id, record.usage.cost_usd)
        except SlipwayError as error:
            logger.error("task_id=<%s>, error=<%s> | history or cost not written", record.task_id, error)
        self._count_end(record)

    def _append_end(self, record: RunRecord) -> None:
        seconds = (record.ended_at - record.started_at).total_seconds()
        succeeded = record.status == "succeeded"
        self.ports.event_log.append(
            record.task_id,
            EventKind.RUN_FINISHED if succeeded else EventKind.RUN_FAILED,
            f"{record.agent} finished in {seconds:.1f} s"
            if succeeded
            else f"{record.agent} ended as {record.status}: {record.error_message}",
            actor=record.agent,
            detail={
                "run_id": f"{record.task_id}.{record.step}.{record.attempt}",
                "status": record.status,
                "seconds": round(seconds, 3),
                "turns": record.usage.turns,
                "cost_usd": record.usage.cost_usd,
            },
        )

    def _count_end(self, record: RunRecord) -> None:
        succeeded = record.status == "succeeded"
        self._count(Metric.RUNS_SUCCEEDED if succeeded else Metric.RUNS_FAILED)
        self._count(Metric.RUN_SECONDS, (record.ended_at - record.started_at).total_seconds())
        self._count(Metric.RUN_COST_USD, record.usage.cost_usd)
        self._count(Metric.RUN_TURNS, record.usage.turns)
        self._count(Metric.INPUT_TOKENS, record.usage.input_tokens)
        self._count(Metric.OUTPUT_TOKENS, record.usage.output_tokens)
        if record.error == "BudgetExceeded":
            self._count(Metric.BUDGET_STOPS)

    def _count(self, metric: Metric, value: float = 1.0) -> None:
        self.ports.metrics.count(metric, value, dimensions=self._dimensions)


def _run_id(invocation: RunInvocation) -> str:
    return run_id(invocation.task_id, invocation.step, invocation.attempt)


def _started(run: RunContext[RequestT]) -> str:
    again = f", attempt {run.attempt}" if run.attempt > 1 else ""
    return f"{run.spec.name} started with the model {run.model_id}{again}"
