"""Hands one step of a task to its agent, which works in the background and completes the step itself."""

from __future__ import annotations

from dataclasses import dataclass

from slipway.domain import artifact_keys
from slipway.domain.run import RunInvocation
from slipway.domain.step import Step, plan_step, run_id, session_id
from slipway.domain.task import TaskPatch, TaskState
from slipway.ports.platform import Platform
from slipway.services import run_results
from slipway.services.agents_off import check_agents_on
from slipway.services.enter_state import enter_state
from slipway.services.preflight import check_budget

_STATES = {
    Step.DISCOVER: TaskState.DISCOVERING,
    Step.PLAN: TaskState.PLANNING,
    Step.EXECUTE: TaskState.EXECUTING,
    Step.FIX_CI: TaskState.FIXING_CI,
}


@dataclass(frozen=True, kw_only=True)
class RunOrder:
    """One attempt of one step. `round` counts the rounds of repairing CI and the revisions of the plan."""

    task_id: str
    step: Step
    attempt: int
    agent: str
    task_token: str
    round: int = 0

    @property
    def key(self) -> str:
        """The step's name among the runs: rounds and revisions are runs of their own."""
        if self.step is Step.PLAN:
            return plan_step(self.round)
        return run_results.fix_step(self.round) if self.step is Step.FIX_CI else str(self.step)


def start_run(order: RunOrder, request: bytes, platform: Platform) -> str:
    """The runtime's answer. Repeating the call is safe: the run id is the same, so is the session."""
    task = platform.tasks.get(order.task_id)
    check_budget(task, platform)
    check_agents_on(task, platform)
    request_key = artifact_keys.run_request(task.id, order.key, order.attempt)
    platform.artifacts.put(request_key, request)
    enter_state(
        task.id,
        _STATES[order.step],
        platform,
        patch=TaskPatch(current_agent=order.agent, attempts={**task.attempts, order.key: order.attempt}),
    )
    return platform.runtimes.invoke(
        order.agent,
        RunInvocation(
            task_id=task.id,
            step=order.key,
            attempt=order.attempt,
            request_key=request_key,
            task_token=order.task_token,
        ),
        session_id=session_id(run_id(task.id, order.key, order.attempt)),
    )


def learn_repositories(task_id: str, platform: Platform) -> None:
    """Discovery's repositories become the task's, so that the caps per repository count it."""
    task = platform.tasks.get(task_id)
    found = tuple(one.name for one in run_results.discovery(task, platform).relevant_repos)
    if found != task.repositories:
        platform.tasks.patch(task_id, TaskPatch(repositories=found))
