"""Which Bedrock model an agent's tier means in a region, read from the agents' own data file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from aws_cdk import Aws
from pydantic import TypeAdapter

_TIERS = Path(__file__).resolve().parents[1] / "slipway" / "agentkit" / "models" / "tiers.toml"


@dataclass(frozen=True, kw_only=True)
class ModelProfile:
    """An inference profile and the model that it reaches in the regions of its geography."""

    geography: str
    profile_id: str

    @property
    def arns(self) -> tuple[str, str]:
        """The profile here, and its model wherever the profile may send a call."""
        model = self.profile_id.removeprefix(f"{self.geography}.")
        regions = "*" if self.geography == "global" else f"{self.geography}-*"
        return (
            f"arn:{Aws.PARTITION}:bedrock:{Aws.REGION}:{Aws.ACCOUNT_ID}:inference-profile/{self.profile_id}",
            f"arn:{Aws.PARTITION}:bedrock:{regions}::foundation-model/{model}",
        )


def model_profile(tier: str, *, region: str, instead: Mapping[str, str] | None = None) -> ModelProfile:
    """The profile of a tier; a region without profiles of its own geography uses the global ones.

    `instead` has the environment's own choice for some tiers.
    """
    if own := (instead or {}).get(tier):
        return ModelProfile(geography=own.partition(".")[0], profile_id=own)
    profiles = _bedrock_profiles()
    prefix = region.partition("-")[0]
    geography = prefix if prefix in profiles else "global"
    return ModelProfile(geography=geography, profile_id=profiles[geography][tier])


@cache
def _bedrock_profiles() -> dict[str, dict[str, str]]:
    document = TypeAdapter(dict[str, dict[str, dict[str, str]]]).validate_python(
        tomllib.loads(_TIERS.read_text(encoding="utf-8"))
    )
    return document["bedrock"]
