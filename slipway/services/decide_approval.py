"""Takes one decision on one plan: by a person who may, on the plan as it stands, exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from slipway.domain.approval import ApprovalDecision, ApprovalRequest
from slipway.domain.errors import InvalidInput, NotFound, PolicyRefused
from slipway.domain.event import EventKind
from slipway.domain.plan import PLAN_FILE, plan_hash
from slipway.domain.published_plan import PublishedPlan
from slipway.domain.risk import assess
from slipway.domain.task import InvalidTransition, Task, TaskPatch, TaskState
from slipway.ports.platform import Platform
from slipway.services import run_results
from slipway.services.agents_off import check_agents_on
from slipway.services.close_card import close_decided_card
from slipway.services.go_ahead import full_repositories, go_ahead
from slipway.services.request_approval import show_card


@dataclass(frozen=True, kw_only=True)
class DecisionOrder:
    """`plan_hash` is what the person saw, where the channel carries it; `reason` may be an instruction."""

    task_id: str
    decision: Literal["approve", "reject", "revise"]
    actor: str
    channel: Literal["slack", "github", "jira", "cli", "console", "api"]
    reason: str = ""
    plan_hash: str | None = None


def decide_approval(order: DecisionOrder, platform: Platform) -> str:
    """What was decided, in a sentence for the person. The caller has checked that the person may decide."""
    if order.channel == "github" and order.actor == platform.secrets.github().bot_login:
        raise PolicyRefused(f"{order.actor} is the platform itself; a person decides on {order.task_id}")
    task = platform.tasks.get(order.task_id)
    request = _open_request(task, platform)
    if order.plan_hash is not None and order.plan_hash != request.plan_hash:
        raise PolicyRefused(
            f"the plan of {task.id} has changed since this was asked; read the new plan and decide on that"
        )
    if order.decision == "reject" and not order.reason.strip():
        raise InvalidInput("a rejection needs a reason; it is told to whoever filed the ticket")
    if order.decision == "revise" and not order.reason.strip():
        raise InvalidInput("say what shall be different: `revise <instruction>`")
    if order.decision != "reject":
        check_agents_on(task, platform)
    if order.decision == "approve":
        _check_plan(task, request, platform)
    decision = ApprovalDecision(
        task_id=task.id,
        plan_hash=request.plan_hash,
        decision=order.decision,
        actor=order.actor,
        channel=order.channel,
        reason=order.reason.strip(),
        at=platform.clock(),
    )
    if not platform.approvals.decide(decision):
        _raise_decided(task, platform)
    said = _SAID[order.decision].format(reason=decision.reason)
    platform.event_log.append(
        task.id,
        EventKind.APPROVAL_DECIDED,
        f"the plan was {said}",
        actor=order.actor,
        detail={"decision": order.decision, "channel": order.channel, "plan_hash": request.plan_hash},
    )
    passed = go_ahead(request.model_copy(update={"decision": decision}), platform)
    close_decided_card(task, platform)
    if passed == "held":
        full = ", ".join(full_repositories(task.id, platform)) or "its repositories"
        waits = f"waits for its turn in {full}, where other tasks are at work; it goes on by itself"
        platform.event_log.append(task.id, EventKind.EXECUTION_HELD, waits)
        return f"{task.ticket_key}: {said} by {order.actor}; it {waits}"
    if passed == "gone":
        return f"{task.ticket_key}: recorded, but the task no longer waits for it; see `explain {task.id}`"
    return f"{task.ticket_key}: {said} by {order.actor}; {_FOLLOWING[order.decision]}"


def _open_request(task: Task, platform: Platform) -> ApprovalRequest:
    if task.state is not TaskState.AWAITING_APPROVAL:
        raise InvalidTransition(
            f"{task.ticket_key} is {str(task.state).replace('_', ' ')}, not awaiting approval; "
            f"see `explain {task.id}`"
        )
    request = platform.approvals.get(task.id)
    if request is None:
        raise NotFound(f"nothing was asked about {task.id} yet; try again in a moment")
    if request.decision is not None:
        _raise_decided(task, platform)
    return request


def _raise_decided(task: Task, platform: Platform) -> None:
    request = platform.approvals.get(task.id)
    decision = request.decision if request else None
    if decision is None:
        raise PolicyRefused(f"the plan of {task.id} has just changed; read the new plan and decide on that")
    raise InvalidTransition(f"{task.ticket_key} was decided already: {decision.decision} by {decision.actor}")


def _check_plan(task: Task, request: ApprovalRequest, platform: Platform) -> None:
    found: dict[str, str] = {}
    for pull_request in task.pull_requests:
        text = platform.forge.file(pull_request.repository, PLAN_FILE, ref=pull_request.branch)
        found[pull_request.repository] = "" if text is None else plan_hash(text)
    hashes = set(found.values())
    if hashes == {request.plan_hash}:
        return
    if len(hashes) != 1 or "" in hashes:
        names = ", ".join(name for name, value in found.items() if value != request.plan_hash)
        raise PolicyRefused(
            f"{PLAN_FILE} is missing or different on some branches ({names}); make them equal, then decide"
        )
    _ask_again(task, request, hashes.pop(), platform)
    raise PolicyRefused(
        f"{PLAN_FILE} of {task.ticket_key} was changed after it was shown; the question was asked again "
        "for the plan as it stands now"
    )


def _ask_again(task: Task, request: ApprovalRequest, new_hash: str, platform: Platform) -> None:
    """The words changed; the files that the plan's tasks may touch stay those that planning named."""
    now = platform.clock()
    renewed = request.model_copy(
        update={"plan_hash": new_hash, "requested_at": now, "decision": None, "reminded": False}
    )
    platform.approvals.put(renewed)
    task = platform.tasks.patch(task.id, TaskPatch(plan_hash=new_hash))
    platform.event_log.append(
        task.id,
        EventKind.APPROVAL_REQUESTED,
        f"{PLAN_FILE} was changed by a person; asked again",
        detail={"plan_hash": new_hash},
    )
    published: PublishedPlan = run_results.published_plan(task, platform)
    complexity = run_results.discovery(task, platform).estimated_complexity
    show_card(renewed, task, published, assess(published.plan, complexity), _cost(renewed), platform)


def _cost(request: ApprovalRequest) -> str:
    low, high = request.estimate_low_usd, request.estimate_high_usd
    return f"${low:.2f} to ${high:.2f}, about {timedelta(minutes=request.estimate_minutes)}"


_SAID = {"approve": "approved", "reject": "rejected: {reason}", "revise": "sent back: {reason}"}
_FOLLOWING = {
    "approve": "it is carried out now",
    "reject": "the task ends",
    "revise": "a new plan is made and asked about",
}
