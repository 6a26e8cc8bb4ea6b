"""An agent may call the model of its tier, in its own geography, and no other."""

from slipway.agentkit.models.tiers import model_id
from stacks.models import model_profile


def test_a_model_stays_in_the_geography_of_its_region() -> None:
    profile, model = model_profile("deep", region="eu-west-1").arns
    assert ":inference-profile/eu." in profile
    assert ":bedrock:eu-*::foundation-model/" in model
    assert not model.rsplit("/", 1)[1].startswith("eu.")


def test_a_region_without_its_own_profiles_uses_the_global_ones() -> None:
    profile, model = model_profile("fast", region="ap-southeast-2").arns
    assert ":inference-profile/global." in profile
    assert ":bedrock:*::foundation-model/" in model


def test_roles_allow_the_model_that_agents_choose() -> None:
    for region in ("eu-west-1", "us-east-1", "sa-east-1"):
        assert model_profile("standard", region=region).profile_id == model_id(
            "bedrock", "standard", region=region
        )


def test_an_environment_may_choose_the_model_of_a_tier() -> None:
    own = {"deep": "eu.anthropic.claude-next"}
    profile, model = model_profile("deep", region="eu-west-1", instead=own).arns
    assert profile.endswith(":inference-profile/eu.anthropic.claude-next")
    assert model.endswith(":bedrock:eu-*::foundation-model/anthropic.claude-next")
    assert model_profile("fast", region="eu-west-1", instead=own) == model_profile("fast", region="eu-west-1")
