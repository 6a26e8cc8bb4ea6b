"""What people on call do when it must stop now: stop tasks, hold the queue, let it go on, see what runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from slipway.domain.controls import Controls
from slipway.domain.errors import SlipwayError
from slipway.domain.event import EventKind
from slipway.domain.metrics import Metric
from slipway.domain.queue import in_order
from slipway.domain.session import Session, running_session
from slipway.domain.task import InvalidTransition, Task, TaskState
from slipway.ports.platform import Platform
from slipway.services.dispatch_tasks import dispatch_tasks
from slipway.services.incomplete_stop import recorded
from slipway.services.stop_task import stop_task

_SWEEPS = 4
"""A dispatcher that had read the old order may still start a task or two."""


@dataclass(frozen=True, kw_only=True)
class StopResult:
    """What became of one task; `problem` says why it was not stopped."""

    task_id: str
    state: TaskState
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class RunningTask:
    """A task that holds a slot, its agent's session, its cost. `quiet` since its last sign of life."""

    task: Task
    session: Session | None
    age: timedelta
    quiet: timedelta
    last: str


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What is ordered, what runs and what waits."""

    controls: Controls
    running: Sequence[RunningTask]
    queued: Sequence[Task]

    @property
    def cost_usd(self) -> float:
        """Of all running tasks so far."""
        return sum(one.task.cost_usd for one in self.running)


def drain(platform: Platform, *, actor: str, reason: str = "") -> bool:
    """Running tasks finish, new ones are accepted and wait; False when the team could not be told."""
    platform.tasks.order(Controls(draining=True, actor=actor, reason=reason, at=platform.clock()))
    why = f": {reason}" if reason else ""
    return _tell(f"{actor} holds the queue{why}. Running tasks finish, new ones wait.", platform)


def resume(platform: Platform, *, actor: str) -> tuple[list[str], bool]:
    """Ids of the tasks started at once, and whether the team was told."""
    platform.tasks.order(Controls(actor=actor, at=platform.clock()))
    started = dispatch_tasks(platform)
    return started, _tell(f"{actor} let the queue go on; {len(started)} tasks started.", platform)


def stop_all(platform: Platform, *, actor: str, reason: str = "") -> tuple[list[StopResult], bool]:
    """Hold the queue first, so that nothing starts behind it; then stop whatever has left the queue."""
    told = drain(platform, actor=actor, reason=reason)
    results: dict[str, StopResult] = {}
    for _ in range(_SWEEPS):
        found = [task for task in _running(platform) if task.id not in results]
        results |= {task.id: _stop(task, actor, reason, platform) for task in found}
        if not found:
            break
    return [*results.values()], told


def stop_now(task_id: str, *, actor: str, reason: str, platform: Platform) -> TaskState:
    """Stop a task whose agent may be stuck: its session ends at once, with what it had not yet counted."""
    session = running_session(platform.tasks.get(task_id))
    state = stop_task(task_id, actor=actor, reason=reason, platform=platform)
    if session is not None:
        with recorded(task_id, f"the session of {session.agent}", platform):
            platform.runtimes.stop(session.agent, session_id=session.id)
    return state


def situation(platform: Platform) -> Situation:
    """As it is now."""
    now = platform.clock()
    return Situation(
        controls=platform.tasks.controls(),
        running=[_look(task, now, platform) for task in _running(platform)],
        queued=in_order(platform.tasks.in_state(TaskState.QUEUED)),
    )


def _running(platform: Platform) -> list[Task]:
    found = {
        task.id: task for state in TaskState if state.is_running for task in platform.tasks.in_state(state)
    }
    return in_order(found.values())


def _stop(task: Task, actor: str, reason: str, platform: Platform) -> StopResult:
    try:
        state = stop_now(task.id, actor=actor, reason=reason, platform=platform)
    except InvalidTransition:
        # It ended by itself while the others were stopped.
        return StopResult(task_id=task.id, state=platform.tasks.get(task.id).state)
    except SlipwayError as error:
        return StopResult(task_id=task.id, state=task.state, problem=str(error))
    return StopResult(task_id=task.id, state=state)


def _look(task: Task, now: datetime, platform: Platform) -> RunningTask:
    events = platform.event_log.events(task.id)
    begun = next((e for e in reversed(events) if e.kind is EventKind.RUN_STARTED), None)
    session = running_session(task)
    since = begun.at if session and begun else task.updated_at
    last = events[-1] if events else None
    return RunningTask(
        task=task,
        session=session,
        age=now - since,
        quiet=now - (last.at if last else task.updated_at),
        last=last.message.splitlines()[0] if last else "",
    )


def _tell(text: str, platform: Platform) -> bool:
    try:
        platform.chat.say(text)
    except SlipwayError:
        # Holding the queue must work while Slack is down; the caller says that nobody was told.
        platform.metrics.count(Metric.NOTIFICATIONS_FAILED)
        return False
    return True
