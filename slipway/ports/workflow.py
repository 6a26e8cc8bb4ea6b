"""The durable workflow that carries a task."""

from __future__ import annotations

from typing import Literal, Protocol

ExecutionStatus = Literal["running", "succeeded", "failed", "timed_out", "stopped", "missing"]


class Workflow(Protocol):
    """One execution per task, named by the task's id."""

    def start(self, task_id: str, *, input_json: str) -> str:
        """Start, or find it started already; returns the execution's id."""
        ...

    def stop(self, task_id: str, *, error: str, cause: str) -> None:
        """Stop it; fine when it has ended or never began."""
        ...

    def status(self, task_id: str) -> ExecutionStatus:
        """How the execution stands."""
        ...

    def cause(self, task_id: str) -> tuple[str, str]:
        """Error name and cause of an execution that ended badly; empty when there are none."""
        ...
