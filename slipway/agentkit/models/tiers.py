"""From an agent's tier and a region to a model id, by the one data file that lists them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import TypeAdapter

Tier = Literal["fast", "standard", "deep"]
_GEOGRAPHIES = {"eu": "eu", "us": "us"}


def model_id(provider: str, tier: Tier, *, region: str) -> str:
    """The model of a tier; Bedrock's depends on the region so that EU data stays in the EU."""
    listed = _listed()[provider]
    geography = _GEOGRAPHIES.get(region.partition("-")[0], "global") if provider == "bedrock" else "any"
    return listed[geography][tier]


@cache
def _listed() -> dict[str, dict[str, dict[str, str]]]:
    text = files(__package__).joinpath("tiers.toml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, dict[str, dict[str, str]]]).validate_python(tomllib.loads(text))
