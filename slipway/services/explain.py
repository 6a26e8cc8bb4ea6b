"""Why a task stands where it stands, what happens next, and what a person can do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from slipway.domain.approval import ApprovalRequest
from slipway.domain.ci_wait import CiWait
from slipway.domain.event import EventKind, TaskEvent
from slipway.domain.hidden_text import hidden_note
from slipway.domain.task import Task, TaskState
from slipway.ports.platform import Platform
from slipway.services.go_ahead import full_repositories
from slipway.services.queue_place import queue_place
from slipway.services.ticket_tricks import ticket_tricks


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Three answers in plain sentences."""

    why: str
    next: str
    you_can: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([self.why, self.next, *(f"- {line}" for line in self.you_can)]).replace("\n\n", "\n")


_WORKING: dict[TaskState, tuple[str, str]] = {
    TaskState.STARTING: (
        "It was taken from the queue and is being checked.",
        "Discovery looks for the code.",
    ),
    TaskState.DISCOVERING: ("Discovery looks for the repositories and files.", "Planning writes PLAN.md."),
    TaskState.PLANNING: (
        "Planning writes PLAN.md and opens draft pull requests.",
        "You are asked to approve.",
    ),
    TaskState.EXECUTING: (
        "Execution carries out the approved plan, test first.",
        "The delivery gate checks what was delivered.",
    ),
    TaskState.CHECKING_DELIVERY: ("The delivery gate compares the branches with the plan.", "CI is awaited."),
    TaskState.FIXING_CI: ("CI failed and is being repaired.", "The delivery gate and CI look again."),
    TaskState.FINISHING: ("Everything is green; the pull requests are made ready.", "The task ends as done."),
}
_STOP = "stop it: `slipway tasks stop {id}`"
_RETRY = "try again: `slipway tasks retry {id}`"


def explain(task_id: str, platform: Platform) -> Explanation:
    """Reads only what the platform recorded."""
    told = _explained(platform.tasks.get(task_id), platform)
    hidden = hidden_note(ticket_tricks(task_id, platform))
    return replace(told, why=f"{told.why} Careful: {hidden}.") if hidden else told


def _explained(task: Task, platform: Platform) -> Explanation:
    match task.state:
        case TaskState.QUEUED:
            return _queued(task, platform)
        case TaskState.AWAITING_APPROVAL:
            return _approval(task, platform.approvals.get(task.id), full_repositories(task.id, platform))
        case TaskState.AWAITING_CI:
            return _ci(task, platform.ci_waits.get(task.id))
        case state if state.is_terminal:
            return _ended(task, platform.event_log.events(task.id))
    why, following = _WORKING[task.state]
    return Explanation(
        why=f"{task.ticket_key} is {_words(task.state)}. {why}",
        next=f"Next: {following}",
        you_can=(_STOP.format(id=task.id),),
    )


def _queued(task: Task, platform: Platform) -> Explanation:
    running = len(platform.tasks.running())
    slots = platform.limits.max_running_tasks
    place = queue_place(task, platform)
    why = f"It is {place}. " if place else ""
    if place is None or not place.held:
        why += f"{running} of {slots} slots are in use" + ("." if running >= slots else "; it starts soon.")
    return Explanation(
        why=f"{task.ticket_key} is queued with priority {task.priority}. {why}",
        next="Next: it starts when it is its turn, by priority and then by age.",
        you_can=(_STOP.format(id=task.id), "raise the ticket's priority before it is filed again"),
    )


def _approval(task: Task, request: ApprovalRequest | None, full: Sequence[str]) -> Explanation:
    if request is not None and request.decision is not None and request.decision.decision == "approve":
        waits = f"waits for its turn in {', '.join(full)}" if full else "is about to go on"
        return Explanation(
            why=f"The plan of {task.ticket_key} was approved by {request.decision.actor}; it {waits}.",
            next="Next: the plan is carried out as soon as another task there has ended.",
            you_can=(_STOP.format(id=task.id),),
        )
    until = f" until {request.expires_at:%Y-%m-%d %H:%M} UTC" if request else ""
    links = ", ".join(one.url for one in task.pull_requests)
    return Explanation(
        why=f"{task.ticket_key} waits for a person to approve its plan{until}. Nothing was changed yet.",
        next=f"Next: once approved, the plan is carried out. Read it: {links}",
        you_can=(
            f"approve: `slipway tasks approve {task.id}`, the button in Slack, or `/agent approve` on the PR",
            f'have it made anew: `slipway tasks revise {task.id} --instruction "..."`',
            f'reject: `slipway tasks reject {task.id} --reason "..."`',
            _STOP.format(id=task.id),
        ),
    )


def _ci(task: Task, wait: CiWait | None) -> Explanation:
    heads = ", ".join(f"{h.repository}#{h.number} at {h.head_sha[:7]}" for h in wait.heads) if wait else ""
    return Explanation(
        why=f"{task.ticket_key} waits for CI of {heads or 'its pull requests'}; "
        f"{task.ci_round} failed rounds so far.",
        next="Next: green makes the pull requests ready; red is repaired, at most three times.",
        you_can=(_STOP.format(id=task.id),),
    )


def _ended(task: Task, events: Sequence[TaskEvent]) -> Explanation:
    links = ", ".join(one.url for one in task.pull_requests)
    last = next((e for e in reversed(events) if e.kind is EventKind.RUN_FAILED), None)
    clue = f" Last failed run: {last.message}" if last and task.state is not TaskState.DONE else ""
    reason = (task.reason or "no reason was recorded").rstrip(".")
    you_can = () if task.state is TaskState.DONE else (_RETRY.format(id=task.id),)
    return Explanation(
        why=f"{task.ticket_key} ended as {_words(task.state)}: {reason}.{clue}",
        next=f"Pull requests: {links}" if links else "It opened no pull request.",
        you_can=(*you_can, f"see what happened: `slipway tasks events {task.id}`"),
    )


def _words(state: TaskState) -> str:
    return str(state).replace("_", " ")
