"""A workflow that only remembers: what was started, stopped, and which steps were completed how."""

from __future__ import annotations

from dataclasses import dataclass, field

from slipway.ports.step_tokens import StepGone
from slipway.ports.workflow import ExecutionStatus


@dataclass(frozen=True)
class MemoryWorkflow:
    """Runs nothing: whoever holds it moves the executions on."""

    inputs: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, ExecutionStatus] = field(default_factory=dict)
    causes: dict[str, tuple[str, str]] = field(default_factory=dict)

    def start(self, task_id: str, *, input_json: str) -> str:
        """Start, or find it started already."""
        self.inputs.setdefault(task_id, input_json)
        self.statuses.setdefault(task_id, "running")
        return f"execution:{task_id}"

    def stop(self, task_id: str, *, error: str, cause: str) -> None:
        """Stop it; fine when it has ended or never began."""
        if self.statuses.get(task_id) == "running":
            self.statuses[task_id] = "stopped"
            self.causes[task_id] = (error, cause)

    def status(self, task_id: str) -> ExecutionStatus:
        """How the execution stands."""
        return self.statuses.get(task_id, "missing")

    def cause(self, task_id: str) -> tuple[str, str]:
        """Error name and cause."""
        return self.causes.get(task_id, ("", ""))


@dataclass(frozen=True)
class MemoryStepTokens:
    """A token that is `open` may be completed once."""

    open: set[str] = field(default_factory=set)
    outputs: dict[str, str] = field(default_factory=dict)
    failures: dict[str, tuple[str, str]] = field(default_factory=dict)
    heartbeats: list[str] = field(default_factory=list)

    def issue(self, token: str) -> str:
        """A token that somebody waits for."""
        self.open.add(token)
        return token

    def succeed(self, token: str, output: str) -> None:
        """Complete with a JSON output."""
        self._take(token)
        self.outputs[token] = output

    def fail(self, token: str, *, error: str, cause: str) -> None:
        """Fail by error name and cause."""
        self._take(token)
        self.failures[token] = (error, cause)

    def heartbeat(self, token: str) -> None:
        """Say that the work is alive."""
        if token not in self.open:
            raise StepGone("nobody waits for this token")
        self.heartbeats.append(token)

    def _take(self, token: str) -> None:
        if token not in self.open:
            raise StepGone("nobody waits for this token")
        self.open.discard(token)
