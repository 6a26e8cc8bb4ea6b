"""The agent's HTTP side: AgentCore's runtime contract, hardened."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable

from bedrock_agentcore import BedrockAgentCoreApp
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response

from slipway.agentkit.active_runs import ActiveRuns
from slipway.agentkit.body_limit import BodyLimit
from slipway.agentkit.configuration import AgentConfiguration
from slipway.agentkit.runner import Runs
from slipway.domain.errors import NotFound, Permanent, Retryable, SlipwayError
from slipway.domain.run import RunInvocation
from slipway.ports.step_tokens import StepTokens

logger = logging.getLogger(__name__)


class AgentApp(BedrockAgentCoreApp):
    """`POST /invocations` takes a RunInvocation, `GET /ping` says whether and when the agent was active."""

    def __init__(
        self,
        runs: Runs,
        *,
        step_tokens: StepTokens,
        configuration: AgentConfiguration,
        warm_up: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(
            lifespan=self._live,
            middleware=[Middleware(BodyLimit, max_bytes=configuration.max_body_bytes)],
        )
        self._runs = runs
        self._warm_up = warm_up
        self._active_runs = ActiveRuns(
            runs=runs,
            step_tokens=step_tokens,
            heartbeat_seconds=configuration.heartbeat_seconds,
            active=self.note_activity,
        )
        self.entrypoint(self._invoke)

    def note_activity(self) -> None:
        """The agent did something just now. The SDK only notes changes between idle and busy."""
        self._last_status_update_time = time.time()

    @contextlib.asynccontextmanager
    async def _live(self, _: Starlette) -> AsyncIterator[None]:
        # Slow imports happen beside the first ping, not before it.
        warming = asyncio.create_task(asyncio.to_thread(self._warm_up))
        yield
        warming.cancel()
        await asyncio.to_thread(
            self._active_runs.give_up, "the agent's process was asked to stop before the run ended"
        )

    async def _invoke(self, payload: object) -> Response:
        self.note_activity()
        try:
            invocation = RunInvocation.model_validate(payload)
        except ValidationError as error:
            return _invalid(error)
        try:
            if invocation.task_token is not None:
                return self._accept(invocation, token=invocation.task_token)
            return await self._run_now(invocation)
        except SlipwayError as error:
            return _problem(error)
        except Exception:
            logger.exception("task_id=<%s> | invocation failed unexpectedly", invocation.task_id)
            return JSONResponse(
                {"error": "AgentFault", "message": "the agent failed unexpectedly; its log has the details"},
                status_code=500,
            )

    def _accept(self, invocation: RunInvocation, *, token: str) -> Response:
        busy = self.add_async_task("run", {"task_id": invocation.task_id, "step": invocation.step})
        started = self._active_runs.accept(
            invocation, token=token, done=lambda: _done(self.complete_async_task(busy))
        )
        if not started:
            self.complete_async_task(busy)
        run = f"{invocation.task_id}.{invocation.step}.{invocation.attempt}"
        return JSONResponse({"status": "accepted" if started else "running", "runId": run})

    async def _run_now(self, invocation: RunInvocation) -> Response:
        busy = self.add_async_task("run", {"task_id": invocation.task_id, "step": invocation.step})
        try:
            record = await asyncio.to_thread(self._runs.finished, invocation)
            if record is None:
                record = await self._runs.run(invocation, cancel=threading.Event(), active=self.note_activity)
        finally:
            self.complete_async_task(busy)
        return Response(record.model_dump_json(by_alias=True), media_type="application/json")


def _done(_: bool) -> None:
    """Drop the SDK's answer: a done-callback returns nothing."""


def _invalid(error: ValidationError) -> Response:
    fields = [{"field": ".".join(map(str, each["loc"])), "message": each["msg"]} for each in error.errors()]
    return JSONResponse(
        {"error": "InvalidInput", "message": "the payload is not a run invocation", "fields": fields},
        status_code=422,
    )


def _problem(error: SlipwayError) -> Response:
    status = (
        404
        if isinstance(error, NotFound)
        else 503
        if isinstance(error, Retryable)
        else 422
        if isinstance(error, Permanent)
        else 409
    )
    return JSONResponse({"error": type(error).__name__, "message": str(error)}, status_code=status)
