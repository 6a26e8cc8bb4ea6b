"""What the platform must know about an agent. Data only: everything else is derived from it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Grant(StrEnum):
    """What an agent's role may do beyond running; each maps to exactly one policy in `stacks`."""

    READ_ARTIFACTS = "read_artifacts"
    WRITE_RUNS = "write_runs"
    APPEND_EVENTS = "append_events"
    USE_GATEWAY = "use_gateway"
    USE_SANDBOX = "use_sandbox"
    INVOKE_MODEL = "invoke_model"
    COMPLETE_STEPS = "complete_steps"


class Trigger(StrEnum):
    """What starts the agent."""

    TICKET_WORKFLOW = "ticket_workflow"
    CHAT = "chat"
    SCHEDULE = "schedule"
    ALERT = "alert"
    OPERATOR = "operator"


@dataclass(frozen=True, kw_only=True)
class Tool:
    """One gateway tool: target and official name, such as github and create_branch."""

    target: str
    name: str

    @property
    def gateway_name(self) -> str:
        """AgentCore's name for it: three underscores."""
        return f"{self.target}___{self.name}"


def tools(target: str, *names: str) -> tuple[Tool, ...]:
    """Several tools of one gateway target."""
    return tuple(Tool(target=target, name=name) for name in names)


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Limits of one run."""

    usd: float = 2.0
    turns: int = 60
    minutes: int = 30


@dataclass(frozen=True, kw_only=True)
class Alarms:
    """Thresholds; each becomes an alarm with a runbook."""

    error_rate_percent: float = 5.0
    p95_latency_seconds: int = 600
    no_invocations_hours: int | None = None
    daily_cost_usd: float = 20.0
    monthly_cost_usd: float = 300.0


MemoryStrategy = Literal["semantic", "summary", "user_preference"]
_SHORTEST_MEMORY_DAYS, _LONGEST_MEMORY_DAYS = 7, 365


@dataclass(frozen=True, kw_only=True)
class Memory:
    """AgentCore Memory an agent keeps: conversations for some days, and what `strategies` make of them."""

    short_term_days: int | None = None
    strategies: tuple[MemoryStrategy, ...] = ()

    def __post_init__(self) -> None:
        """Refuse days that AgentCore would refuse, and strategies without conversations to work on."""
        if self.short_term_days is None:
            if self.strategies:
                raise ValueError("memory strategies need short_term_days: they work on what is kept there")
        elif not _SHORTEST_MEMORY_DAYS <= self.short_term_days <= _LONGEST_MEMORY_DAYS:
            raise ValueError(
                f"short_term_days={self.short_term_days} must be "
                f"{_SHORTEST_MEMORY_DAYS} to {_LONGEST_MEMORY_DAYS}"
            )

    @property
    def is_kept(self) -> bool:
        """Whether the agent remembers anything."""
        return self.short_term_days is not None


Evaluator = Literal[
    "correctness",
    "goal_success_rate",
    "helpfulness",
    "instruction_following",
    "tool_parameter_accuracy",
    "tool_selection_accuracy",
]
"""AgentCore's own judges that fit agents which work with tools."""


@dataclass(frozen=True, kw_only=True)
class AgentSpec:
    """One agent. Defaults are right for most; differences are fields, never branches on the name."""

    name: str
    purpose: str
    request: type[BaseModel]
    response: type[BaseModel]
    model_tier: Literal["fast", "standard", "deep"] = "standard"
    tools: tuple[Tool, ...] = ()
    grants: frozenset[Grant] = frozenset(
        {
            Grant.READ_ARTIFACTS,
            Grant.WRITE_RUNS,
            Grant.APPEND_EVENTS,
            Grant.USE_GATEWAY,
            Grant.INVOKE_MODEL,
            Grant.COMPLETE_STEPS,
        }
    )
    timeout_minutes: int = 30
    idle_timeout_minutes: int = 15
    memory: Memory = field(default_factory=Memory)
    evaluators: tuple[Evaluator, ...] = ("goal_success_rate", "tool_selection_accuracy")
    sandbox: Literal["none", "code"] = "none"
    budget: Budget = field(default_factory=Budget)
    regions: tuple[str, ...] = ()
    alarms: Alarms = field(default_factory=Alarms)
    data_class: Literal["internal", "health"] = "internal"
    triggers: tuple[Trigger, ...] = (Trigger.TICKET_WORKFLOW,)

    def __post_init__(self) -> None:
        """Refuse a name that AgentCore would refuse, and a sandbox without its grant."""
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"agent name {self.name!r} must be snake_case, at most 40 characters")
        if (self.sandbox == "code") != (Grant.USE_SANDBOX in self.grants):
            raise ValueError(f"agent {self.name}: sandbox={self.sandbox!r} and Grant.USE_SANDBOX go together")
