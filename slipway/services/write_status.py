"""The task's one comment on its ticket, edited in place as the task moves."""

from __future__ import annotations

from slipway.domain.task import Task, TaskPatch, TaskState
from slipway.ports.platform import Platform
from slipway.services.telling import telling

_PATH = (
    (TaskState.DISCOVERING, "Discover"),
    (TaskState.PLANNING, "Plan"),
    (TaskState.AWAITING_APPROVAL, "Approve"),
    (TaskState.EXECUTING, "Execute"),
    (TaskState.CHECKING_DELIVERY, "Check delivery"),
    (TaskState.AWAITING_CI, "CI"),
    (TaskState.DONE, "Done"),
)


def write_status(task: Task, platform: Platform, *, note: str = "") -> None:
    """Best effort; the comment's id is kept on the task."""
    with telling(platform, task.id, where="the ticket"):
        comment_id = platform.tracker.write_comment(
            task.ticket_key, status_markdown(task, note=note), comment_id=task.status_comment_id
        )
        if comment_id != task.status_comment_id:
            platform.tasks.patch(task.id, TaskPatch(status_comment_id=comment_id))


def status_markdown(task: Task, *, note: str = "") -> str:
    """State, reason, pull requests and cost in a few lines; `note` is what the task itself does not know."""
    lines = [f"**Slipway: {str(task.state).replace('_', ' ')}** (task `{task.id}`)", _trail(task.state), note]
    if task.reason:
        lines.append(f"Reason: {task.reason}")
    lines += [
        f"- {one.repository}: [pull request #{one.number}]({one.url}){' (draft)' if one.draft else ''}"
        for one in task.pull_requests
    ]
    if task.cost_usd:
        lines.append(f"Cost so far: ${task.cost_usd:.2f}")
    return "\n\n".join(line for line in lines if line)


def _trail(state: TaskState) -> str:
    states = [step for step, _ in _PATH]
    shown = TaskState.AWAITING_CI if state is TaskState.FIXING_CI else state
    if shown not in states:
        return ""
    return " → ".join(f"**{name}**" if step is shown else name for step, name in _PATH)
