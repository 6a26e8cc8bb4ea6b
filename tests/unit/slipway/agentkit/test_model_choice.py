"""The provider and the tier decide the model; an explicit id beats the tier."""

from __future__ import annotations

import pytest

from slipway.agentkit.configuration import ModelChoice
from slipway.agentkit.models.choice import model_source
from slipway.agentkit.models.tiers import model_id
from slipway.agentkit.play import Play
from slipway.domain.camel import Contract


class Answer(Contract):
    """Nothing."""


def play() -> Play[Answer]:
    return Answer()
    yield ()


def test_bedrock_uses_the_profile_of_the_tier_and_region() -> None:
    chosen = model_source(ModelChoice(provider="bedrock", region="eu-west-1"))("deep")
    config = chosen.make(play()).get_config()
    assert config["model_id"] == chosen.model_id == "eu.anthropic.claude-opus-5-5"
    assert "temperature" not in config


def test_an_openai_compatible_endpoint_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    choice = ModelChoice(provider="openai", base_url="http://127.0.0.1:11434/v1", model_id="mine")
    chosen = model_source(choice)("fast")
    assert chosen.make(play()).get_config()["model_id"] == chosen.model_id == "mine"


def test_the_deterministic_model_is_named_in_records() -> None:
    chosen = model_source(ModelChoice(provider="deterministic"))("standard")
    assert chosen.make(play()).get_config() == {"model_id": "deterministic"}
    assert chosen.model_id == "deterministic"


def test_an_environment_may_choose_the_model_of_a_tier() -> None:
    source = model_source(ModelChoice(provider="bedrock", tiers={"deep": "eu.anthropic.claude-next"}))
    assert source("deep").model_id == "eu.anthropic.claude-next"
    assert source("fast").model_id == model_id("bedrock", "fast", region="eu-west-1")
