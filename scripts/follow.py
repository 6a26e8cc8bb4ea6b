"""Follows one task to its end: shows what happens as it happens, and brings the approval to a person."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.live import Live
from rich.text import Text

from scripts.output import progress
from scripts.target import Target
from slipway.domain.errors import SlipwayError
from slipway.domain.event import EventKind, TaskEvent
from slipway.domain.task import Task, TaskState

_QUIET = frozenset({EventKind.STATE_CHANGED})


class FollowTimedOut(SlipwayError):
    """The task did not end in the time given; it goes on by itself."""


@dataclass
class Follower:
    """Polls the history of a task; `approve` is called once for each plan that waits for a decision."""

    target: Target
    task_id: str
    approve: Callable[[Task], None]
    deadline_seconds: float
    interval_seconds: float = 0.25

    def to_the_end(self) -> Task:
        """Return the task in its terminal state."""
        seen: set[str] = set()
        asked: set[str | None] = set()
        end = time.monotonic() + self.deadline_seconds
        with Live(
            console=progress, transient=True, refresh_per_second=4, auto_refresh=progress.is_terminal
        ) as live:
            while time.monotonic() < end:
                task = self.target.platform.tasks.get(self.task_id)
                for event in self.target.platform.event_log.events(self.task_id):
                    if event.id not in seen and event.kind not in _QUIET:
                        progress.print(_line(task, event))
                    seen.add(event.id)
                if task.state.is_terminal:
                    return task
                if progress.is_terminal:
                    live.update(_now(task))
                if task.state is TaskState.AWAITING_APPROVAL and task.plan_hash not in asked:
                    live.stop()
                    self.approve(task)
                    asked.add(task.plan_hash)
                    live.start()
                time.sleep(self.interval_seconds)
        raise FollowTimedOut(
            f"task {self.task_id} is still {task.state} after {self.deadline_seconds:.0f} s; "
            f"it goes on: `slipway tasks explain {self.task_id}` says what it waits for"
        )


def _line(task: Task, event: TaskEvent) -> Text:
    elapsed = (event.at - task.created_at).total_seconds()
    return Text.assemble(
        (f"{max(elapsed, 0):6.1f}s ", "dim"), (f"{event.actor:<10} ", "cyan"), event.message.splitlines()[0]
    )


def _now(task: Task) -> Text:
    elapsed = (datetime.now(UTC) - task.created_at).total_seconds()
    doing = task.state.replace("_", " ")
    who = f" · {task.current_agent}" if task.current_agent else ""
    return Text(f"{elapsed:6.0f}s {doing}{who} · ${task.cost_usd:.2f} so far", style="bold")
