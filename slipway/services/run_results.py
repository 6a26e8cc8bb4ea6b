"""What the agents of a task answered, read back from where the runs left it."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from slipway.domain import artifact_keys
from slipway.domain.discovery import DiscoveryResult
from slipway.domain.errors import EvidenceMissing, NotFound
from slipway.domain.evidence import CiFixResult, ExecutionResult
from slipway.domain.published_plan import PublishedPlan
from slipway.domain.run import RunRecord
from slipway.domain.step import Step, plan_step
from slipway.domain.task import Task
from slipway.domain.ticket import Ticket
from slipway.ports.platform import Platform

ModelT = TypeVar("ModelT", bound=BaseModel)


def fix_step(round_number: int) -> str:
    """The step key of one round of repairing CI."""
    return f"{Step.FIX_CI}_{round_number}"


def ticket(task_id: str, platform: Platform) -> Ticket:
    """The ticket as it was when the work began."""
    return Ticket.model_validate_json(platform.artifacts.get(artifact_keys.ticket(task_id)))


def discovery(task: Task, platform: Platform) -> DiscoveryResult:
    """What discovery found."""
    return _answer(task, Step.DISCOVER, DiscoveryResult, platform)


def published_plan(task: Task, platform: Platform) -> PublishedPlan:
    """What planning published."""
    return _answer(task, plan_step(task.revision), PublishedPlan, platform)


def execution(task: Task, platform: Platform) -> ExecutionResult:
    """What execution committed, with its evidence."""
    return _answer(task, Step.EXECUTE, ExecutionResult, platform)


def ci_fixes(task: Task, platform: Platform) -> tuple[CiFixResult, ...]:
    """What each finished round of repairing CI did, in order."""
    rounds = [n for n in range(1, task.ci_round + 1) if fix_step(n) in task.attempts]
    return tuple(_answer(task, fix_step(n), CiFixResult, platform) for n in rounds)


def _answer(task: Task, step: str, model: type[ModelT], platform: Platform) -> ModelT:
    attempt = task.attempts.get(step, 1)
    key = artifact_keys.run_result(task.id, step, attempt)
    try:
        record = RunRecord.model_validate_json(platform.artifacts.get(key))
    except NotFound as error:
        raise EvidenceMissing(f"task {task.id}: run {step}-{attempt} left no result at {key}") from error
    except ValidationError as error:
        raise EvidenceMissing(f"task {task.id}: {key} is not a run's record") from error
    if record.status != "succeeded" or record.response is None:
        raise EvidenceMissing(f"task {task.id}: run {step}-{attempt} ended as {record.status}")
    try:
        return model.model_validate(record.response)
    except ValidationError as error:
        raise EvidenceMissing(
            f"task {task.id}: the answer of run {step}-{attempt} does not fit {model.__name__}"
        ) from error
