"""Picks the model of one run by configuration; the providers differ here and nowhere else."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import BaseModel
from strands.models.model import Model

from slipway.agentkit.configuration import ModelChoice
from slipway.agentkit.models.deterministic import MODEL_ID, DeterministicModel
from slipway.agentkit.models.tiers import Tier, model_id
from slipway.agentkit.play import Play

READABLE_CHARACTERS = 24_000
# The rule-driven player reads by program: only memory limits what a tool may tell it.
PLAYER_CHARACTERS = 4_000_000


@dataclass(frozen=True, kw_only=True)
class ChosenModel:
    """A model's id, how much text one tool result may hold, and how to make it for a player."""

    model_id: str
    output_characters: int
    make: Callable[[Play[BaseModel]], Model]


ModelSource = Callable[[Tier], ChosenModel]


def model_source(choice: ModelChoice) -> ModelSource:
    """The model for each tier under this configuration."""
    return {"bedrock": _bedrock, "openai": _openai, "deterministic": _deterministic}[choice.provider](choice)


def _chosen(choice: ModelChoice, tier: Tier) -> str | None:
    return choice.model_id or choice.tiers.get(tier)


def _deterministic(_: ModelChoice) -> ModelSource:
    chosen = ChosenModel(
        model_id=MODEL_ID, output_characters=PLAYER_CHARACTERS, make=lambda play: DeterministicModel(play)
    )
    return lambda _: chosen


def _bedrock(choice: ModelChoice) -> ModelSource:
    def source(tier: Tier) -> ChosenModel:
        chosen = _chosen(choice, tier) or model_id("bedrock", tier, region=choice.region)

        def make(_: Play[BaseModel]) -> Model:
            from slipway.agentkit.models.bedrock import bedrock

            return bedrock(chosen, region=choice.region)

        return ChosenModel(model_id=chosen, output_characters=READABLE_CHARACTERS, make=make)

    return source


def _openai(choice: ModelChoice) -> ModelSource:
    def source(tier: Tier) -> ChosenModel:
        chosen = _chosen(choice, tier) or model_id("openai", tier, region=choice.region)

        def make(_: Play[BaseModel]) -> Model:
            from slipway.agentkit.models.openai import openai

            return openai(chosen, base_url=choice.base_url, api_key=os.environ.get("OPENAI_API_KEY", ""))

        return ChosenModel(model_id=chosen, output_characters=READABLE_CHARACTERS, make=make)

    return source
