"""Which agent session works on a task, derived from the task alone: a stuck agent need not be asked."""

from __future__ import annotations

from dataclasses import dataclass

from slipway.domain.step import Step, run_id, session_id
from slipway.domain.task import Task, TaskState

_STEPS = {
    TaskState.DISCOVERING: Step.DISCOVER,
    TaskState.PLANNING: Step.PLAN,
    TaskState.EXECUTING: Step.EXECUTE,
    TaskState.FIXING_CI: Step.FIX_CI,
}


@dataclass(frozen=True, kw_only=True)
class Session:
    """A session at AgentCore and the run that it holds."""

    agent: str
    run: str
    id: str


def running_session(task: Task) -> Session | None:
    """None while no agent works on it."""
    step = _STEPS.get(task.state)
    if step is None:
        return None
    # Rounds and revisions are steps of their own, as in `fix_ci_2`; the latest one runs.
    keys = [key for key in task.attempts if key == step or key.startswith(f"{step}_")]
    if not keys:
        return None
    key = max(keys, key=lambda name: int(name.removeprefix(step).lstrip("_") or 0))
    run = run_id(task.id, key, task.attempts[key])
    return Session(agent=step.agent, run=run, id=session_id(run))
