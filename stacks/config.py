"""The only differences between dev, staging and prod."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Provider = Literal["bedrock", "openai", "deterministic"]


class UnknownEnvironment(ValueError):
    """`-c env=` names no environment of this file."""


@dataclass(frozen=True, kw_only=True)
class Throttle:
    """Requests that the HTTP API lets through."""

    per_second: int
    burst: int


@dataclass(frozen=True, kw_only=True)
class EnvironmentConfig:
    """What one environment may choose; everything else is the same everywhere."""

    name: str
    tier: Literal["development", "production"]
    region: str = "eu-west-1"
    model_provider: Provider = "bedrock"
    keeps_data: bool = True
    log_days: int = 90
    snapshot_days: int = 30
    noncurrent_days: int = 30
    max_running_tasks: int = 10
    max_running_per_repository: int = 2
    task_budget_usd: float = 15.0
    approval_hours: float = 24.0
    ci_hours: float = 12.0
    heartbeat_seconds: int = 30
    heartbeat_timeout_seconds: int = 180
    throttle: Throttle = Throttle(per_second=100, burst=200)
    # False lets the agents' `live` endpoint follow every deploy; True leaves it to `slipway agents promote`.
    pins_live: bool = True
    # Share of finished sessions that AgentCore's judges grade; each costs model tokens, 0 creates none.
    evaluation_percent: float = 0.0
    # Spans in CloudWatch are a setting of the whole account and region: True in one environment there.
    transaction_search: bool = False
    log_level: Literal["DEBUG", "INFO", "WARNING"] = "INFO"

    @property
    def workflow_hours(self) -> float:
        """When an execution is certainly stuck: both waits and a day of work."""
        return self.approval_hours + 4 * self.ci_hours + 24


ENVIRONMENTS = {
    config.name: config
    for config in (
        EnvironmentConfig(
            name="dev",
            tier="development",
            keeps_data=False,
            log_days=7,
            snapshot_days=3,
            noncurrent_days=3,
            heartbeat_seconds=5,
            heartbeat_timeout_seconds=30,
            pins_live=False,
        ),
        EnvironmentConfig(name="staging", tier="development", log_days=30, evaluation_percent=10.0),
        EnvironmentConfig(name="prod", tier="production", log_days=365, evaluation_percent=5.0),
    )
}


def environment_config(name: str) -> EnvironmentConfig:
    """The configuration that `-c env=` chose."""
    try:
        return ENVIRONMENTS[name]
    except KeyError:
        known = ", ".join(ENVIRONMENTS)
        raise UnknownEnvironment(
            f"environment {name!r} is not in stacks/config.py; choose one of {known}"
        ) from None
