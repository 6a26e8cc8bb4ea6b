"""What the API says about tasks: each route is one function from its parameters to a reply."""

from __future__ import annotations

from dataclasses import asdict

from pydantic import JsonValue, ValidationError

from lambdas.tasks_api.contract import PRIVATE, Decision
from slipway.domain.approval import ApprovalRequest
from slipway.domain.errors import InvalidInput
from slipway.domain.intake.delivery import JSON_TYPE, Delivery, check_content_type, check_size
from slipway.domain.task import Task, TaskState
from slipway.ports.platform import Platform
from slipway.services.decide_approval import DecisionOrder, decide_approval
from slipway.services.explain import explain
from slipway.services.reply import Reply

LIMIT = 100


def list_tasks(state: str | None, platform: Platform) -> Reply:
    """The tasks of one state, or all, those that changed last first."""
    if state is not None and state not in set(TaskState):
        raise InvalidInput(f"no state {state!r}; there are: {', '.join(TaskState)}")
    states = tuple(TaskState) if state is None else (TaskState(state),)
    seen = {task.id: task for one in states for task in platform.tasks.in_state(one)}
    newest = sorted(seen.values(), key=lambda task: task.updated_at, reverse=True)
    tasks: list[JsonValue] = [_public(task) for task in newest[:LIMIT]]
    return Reply(status=200, body={"tasks": tasks, "total": len(newest)})


def show_task(task_id: str, platform: Platform) -> Reply:
    """One task, why it stands where it stands, and what is asked about its plan."""
    task = platform.tasks.get(task_id)
    request = platform.approvals.get(task_id)
    said = explain(task_id, platform)
    return Reply(
        status=200,
        body=_public(task)
        | {
            "explanation": {**asdict(said), "you_can": list(said.you_can)},
            "approval": _asked(request) if request else None,
        },
    )


def show_events(task_id: str, platform: Platform) -> Reply:
    """A task's history, oldest first."""
    platform.tasks.get(task_id)
    events: list[JsonValue] = [event.model_dump(mode="json") for event in platform.event_log.events(task_id)]
    return Reply(status=200, body={"task_id": task_id, "events": events})


def decide(task_id: str, delivery: Delivery, *, actor: str, platform: Platform) -> Reply:
    """Approve or reject the plan that the person has read."""
    check_size(delivery)
    check_content_type(delivery, JSON_TYPE)
    try:
        asked = Decision.model_validate_json(delivery.body)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'body'}: {e['msg']}" for e in error.errors())
        raise InvalidInput(f"the decision cannot be read: {wrong}") from None
    message = decide_approval(
        DecisionOrder(
            task_id=task_id,
            decision=asked.decision,
            actor=actor,
            channel="api",
            reason=asked.reason,
            plan_hash=asked.plan_hash,
        ),
        platform,
    )
    state = platform.tasks.get(task_id).state
    return Reply(status=200, body={"task_id": task_id, "state": str(state), "message": message})


def _public(task: Task) -> dict[str, JsonValue]:
    document: dict[str, JsonValue] = task.model_dump(mode="json", exclude=set(PRIVATE))
    return document


def _asked(request: ApprovalRequest) -> dict[str, JsonValue]:
    """Everything but the token that wakes the workflow."""
    document: dict[str, JsonValue] = request.model_dump(
        mode="json", exclude={"task_token", "slack_channel", "slack_ts"}
    )
    return document
