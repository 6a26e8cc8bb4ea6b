"""Everything one run may touch: its request and the ports, and nothing of other runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pydantic import BaseModel, JsonValue

from slipway.agentkit.gateway import Gateway
from slipway.agentkit.redaction import redact
from slipway.domain.agent_spec import AgentSpec
from slipway.domain.event import EventKind
from slipway.domain.step import run_id
from slipway.domain.untrusted import shortened
from slipway.ports.artifacts import Artifacts
from slipway.ports.clock import Clock
from slipway.ports.event_log import EventLog
from slipway.ports.sandbox import Sandboxes

RequestT = TypeVar("RequestT", bound=BaseModel)


@dataclass(kw_only=True)
class RunContext(Generic[RequestT]):
    """One run. `escalation` is set when the agent asked for a person."""

    request: RequestT
    spec: AgentSpec
    task_id: str
    step: str
    attempt: int
    model_id: str
    artifacts: Artifacts
    event_log: EventLog
    gateway: Gateway
    sandboxes: Sandboxes
    clock: Clock
    output_characters: int = 24_000
    escalation: str | None = field(default=None, init=False)

    @property
    def run_id(self) -> str:
        """Business key of this run."""
        return run_id(self.task_id, self.step, self.attempt)

    def record(self, kind: EventKind, message: str, detail: Mapping[str, JsonValue] | None = None) -> None:
        """Append a fact to the task's history in this agent's name."""
        self.event_log.append(self.task_id, kind, redact(message), actor=self.spec.name, detail=detail)

    def cut(self, text: str) -> str:
        """`text`, or its first and last parts when it is longer than a model should read."""
        return shortened(text, self.output_characters)
