"""The runs that this process works on in the background: heartbeats, cancellation, reporting."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from slipway.agentkit.runner import Runs
from slipway.domain import artifact_keys
from slipway.domain.errors import SlipwayError
from slipway.domain.run import RunInvocation, RunOutput, RunRecord
from slipway.domain.step import run_id
from slipway.ports.step_tokens import StepGone, StepTokens

logger = logging.getLogger(__name__)
MAX_CAUSE_CHARACTERS = 30_000


@dataclass(eq=False)
class ActiveRun:
    """One run at work. The newest delivery's token is the one that somebody waits for."""

    invocation: RunInvocation
    token: str
    cancel: threading.Event = field(default_factory=threading.Event)
    abandoned: bool = False

    @property
    def id(self) -> str:
        """Business key."""
        return key_of(self.invocation)


def key_of(invocation: RunInvocation) -> str:
    """The business key by which a repeated delivery is recognised."""
    return run_id(invocation.task_id, invocation.step, invocation.attempt)


@dataclass(kw_only=True)
class ActiveRuns:
    """All runs of the process; lives on the SDK's worker loop."""

    runs: Runs
    step_tokens: StepTokens
    heartbeat_seconds: float
    active: Callable[[], None] = lambda: None
    _running: dict[str, ActiveRun] = field(default_factory=dict)
    _jobs: set[asyncio.Task[None]] = field(default_factory=set)

    def accept(self, invocation: RunInvocation, *, token: str, done: Callable[[], None]) -> bool:
        """Start the run in the background; False when it is already running, which keeps running."""
        known = self._running.get(key_of(invocation))
        if known is not None:
            known.token = token
            return False
        for older in self._running.values():
            if (older.invocation.task_id, older.invocation.step) == (invocation.task_id, invocation.step):
                logger.warning("run_id=<%s> | cancelled by a newer attempt", older.id)
                older.abandoned = True
                older.cancel.set()
        run = ActiveRun(invocation, token)
        self._running[run.id] = run
        # The loop keeps weak references to tasks only.
        job = asyncio.create_task(self._carry_out(run))
        self._jobs.add(job)
        job.add_done_callback(self._jobs.discard)
        job.add_done_callback(lambda _: done())
        return True

    def give_up(self, reason: str) -> None:
        """The process must end: cancel every run and let the workflow try again at once."""
        for run in list(self._running.values()):
            run.cancel.set()
            if not run.abandoned:
                run.abandoned = True
                self._fail(run, error="UpstreamUnavailable", cause=reason)

    async def _carry_out(self, run: ActiveRun) -> None:
        beating = asyncio.create_task(self._beat(run))
        try:
            record = await asyncio.to_thread(self.runs.finished, run.invocation)
            if record is None:
                record = await self.runs.run(run.invocation, cancel=run.cancel, active=self.active)
            else:
                logger.info("run_id=<%s> | already finished, reporting its result again", run.id)
            if not run.abandoned:
                await asyncio.to_thread(self._report, run, record)
        except Exception as error:
            # Storing the result failed: the workflow must hear of it, or it would wait for the heartbeat.
            logger.exception("run_id=<%s> | run could not be concluded", run.id)
            name = type(error).__name__ if isinstance(error, SlipwayError) else "AgentFault"
            message = str(error) if isinstance(error, SlipwayError) else "see the log of the agent's runtime"
            await asyncio.to_thread(
                self._fail, run, error=name, cause=f"run {run.id} was not concluded: {message}"
            )
        finally:
            beating.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await beating
            self._running.pop(run.id, None)

    async def _beat(self, run: ActiveRun) -> None:
        while True:
            try:
                await asyncio.to_thread(self.step_tokens.heartbeat, run.token)
            except StepGone:
                logger.warning("run_id=<%s> | the workflow no longer waits, run cancelled", run.id)
                run.abandoned = True
                run.cancel.set()
                return
            except SlipwayError as error:
                logger.warning("run_id=<%s>, error=<%s> | heartbeat failed", run.id, error)
            self.active()
            await asyncio.sleep(self.heartbeat_seconds)

    def _report(self, run: ActiveRun, record: RunRecord) -> None:
        if record.status != "succeeded":
            self._fail(
                run, error=record.error or "AgentFault", cause=record.error_message or "no reason recorded"
            )
            return
        output = RunOutput(
            run_id=run.id,
            result_key=artifact_keys.run_result(record.task_id, record.step, record.attempt),
            cost_usd=record.usage.cost_usd,
        )
        try:
            self.step_tokens.succeed(run.token, output.model_dump_json(by_alias=True))
        except StepGone:
            logger.warning("run_id=<%s> | finished, but the workflow no longer waits", run.id)

    def _fail(self, run: ActiveRun, *, error: str, cause: str) -> None:
        try:
            self.step_tokens.fail(run.token, error=error[:256], cause=cause[:MAX_CAUSE_CHARACTERS])
        except StepGone:
            logger.warning("run_id=<%s> | failed, but the workflow no longer waits", run.id)
        except SlipwayError as failed:
            logger.error("run_id=<%s>, error=<%s> | failure could not be reported", run.id, failed)
