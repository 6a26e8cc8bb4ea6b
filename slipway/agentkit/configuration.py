"""What an agent's process is told about its surroundings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel

Provider = Literal["bedrock", "openai", "deterministic"]


class ModelChoice(BaseModel, frozen=True):
    """Which model plays the agent; an empty `model_id` means the one of the agent's tier.

    `tiers` has the environment's own choice for some tiers.
    """

    provider: Provider = "bedrock"
    region: str = "eu-west-1"
    base_url: str = ""
    model_id: str = ""
    tiers: Mapping[str, str] = {}


@dataclass(frozen=True, kw_only=True)
class AgentConfiguration:
    """Set once per process, before the first request."""

    environment: str = "dev"
    agent_version: str = ""
    model: ModelChoice = field(default_factory=ModelChoice)
    heartbeat_seconds: float = 30.0
    max_body_bytes: int = 1_000_000
