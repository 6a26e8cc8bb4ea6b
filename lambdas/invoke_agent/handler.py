"""States Discover, Plan, Execute and FixCI."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from lambdas.invoke_agent.requests import compose
from lambdas.process import logger, platform
from lambdas.steps import WaitingStepEvent, read
from slipway.domain.step import Step
from slipway.services.start_run import RunOrder, start_run


class RunEvent(WaitingStepEvent):
    """`round` counts the rounds of repairing CI."""

    step: Step
    attempt: int = Field(ge=1)
    round: int = 0


def handler(event: Mapping[str, object], _context: object) -> dict[str, str]:
    """Returns once the runtime has taken the run; the run completes the token."""
    asked = read(event, RunEvent)
    ports = platform()
    order = RunOrder(
        task_id=asked.task_id,
        step=asked.step,
        attempt=asked.attempt,
        agent=asked.step.agent,
        task_token=asked.task_token,
        round=ports.tasks.get(asked.task_id).revision if asked.step is Step.PLAN else asked.round,
    )
    status = start_run(order, compose(order, ports), ports)
    logger().info("step=<%s>, attempt=<%s>, status=<%s> | run handed over", order.key, order.attempt, status)
    return {"status": status}
