"""Keeps a run within its budget and out of loops, and lets it end the moment a person is asked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from strands.hooks import (
    AfterToolCallEvent,
    AfterToolsEvent,
    BeforeModelCallEvent,
    BeforeToolCallEvent,
    HookProvider,
    HookRegistry,
)

from slipway.agentkit.context import RunContext
from slipway.agentkit.usage import usage_of
from slipway.domain.errors import BudgetExceeded

SAME_FAILURES_BEFORE_STEERING = 2
SAME_FAILURES_BEFORE_STOP = 3


@dataclass
class Guards(HookProvider):
    """Hooks of one run. `active` is called whenever the agent does something, for /ping."""

    run: RunContext[Any]  # Any: guards serve every agent and never look into the request
    started_at: datetime
    active: Callable[[], None] = lambda: None
    tool_calls: int = 0
    tool_errors: int = 0
    _failures: Counter[str] = field(default_factory=Counter)
    _succeeded: set[str] = field(default_factory=set)

    def register_hooks(self, registry: HookRegistry, **_: object) -> None:
        """Attach to the agent's loop."""
        registry.add_callback(BeforeModelCallEvent, self._check_budget)
        registry.add_callback(BeforeToolCallEvent, self._refuse_a_loop)
        registry.add_callback(AfterToolCallEvent, self._count)
        registry.add_callback(AfterToolsEvent, self._stop_for_a_person)

    def _check_budget(self, event: BeforeModelCallEvent) -> None:
        self.active()
        budget = self.run.spec.budget
        used = usage_of(event.agent.event_loop_metrics, model_id=self.run.model_id)
        minutes = (self.run.clock() - self.started_at).total_seconds() / 60
        # The cycle about to start is already counted.
        for name, spent, limit in (
            ("turns", used.turns - 1, budget.turns),
            ("USD", used.cost_usd, budget.usd),
            ("minutes", minutes, budget.minutes),
        ):
            if spent >= limit:
                raise BudgetExceeded(
                    f"run {self.run.run_id} used {spent:.4g} of {limit:g} {name}; raise the "
                    f"budget of agent {self.run.spec.name} or narrow the ticket, then retry the task"
                )

    def _refuse_a_loop(self, event: BeforeToolCallEvent) -> None:
        failures = self._failures[_fingerprint(event.tool_use["name"], event.tool_use["input"])]
        if failures >= SAME_FAILURES_BEFORE_STOP:
            raise BudgetExceeded(
                f"run {self.run.run_id} repeated the same failing call of {event.tool_use['name']} "
                f"{failures} times and was stopped; read its transcript"
            )
        if failures >= SAME_FAILURES_BEFORE_STEERING:
            self._failures[_fingerprint(event.tool_use["name"], event.tool_use["input"])] += 1
            event.cancel_tool = (
                f"This exact call of {event.tool_use['name']} failed {failures} times. Do not repeat it: "
                "change the arguments, use another tool, or call ask_human and say what is missing."
            )

    def _count(self, event: AfterToolCallEvent) -> None:
        self.active()
        self.tool_calls += 1
        if event.cancel_message is not None:
            return
        call = _fingerprint(event.tool_use["name"], event.tool_use["input"])
        if event.result["status"] == "error":
            self.tool_errors += 1
            self._failures[call] += 1
        elif call not in self._succeeded:
            # Something new was done: a call that failed before may have a reason to be tried again.
            self._succeeded.add(call)
            self._failures.clear()

    def _stop_for_a_person(self, event: AfterToolsEvent) -> None:
        if self.run.escalation is not None:
            event.end_turn = "A person takes over."


def _fingerprint(name: str, arguments: object) -> str:
    return f"{name} {json.dumps(arguments, sort_keys=True, default=str)}"
