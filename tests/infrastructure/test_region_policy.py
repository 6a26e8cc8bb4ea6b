"""An agent outside the regions that it may run in fails synth, and synth says why."""

from __future__ import annotations

from dataclasses import replace

import aws_cdk as cdk
import pytest
from aws_cdk import assertions

from slipway.domain.agent_spec import AgentSpec
from stacks.region_policy import RegionPolicy, refusal
from tests.infrastructure.samples import spec

NURSE = replace(spec("nurse"), data_class="health")


def errors(agent: AgentSpec, region: str) -> list[str]:
    stack = cdk.Stack(cdk.App(), "Agents", env=cdk.Environment(region=region))
    cdk.Aspects.of(stack).add(RegionPolicy({agent.name: agent}))
    found = assertions.Annotations.from_stack(stack).find_error("*", assertions.Match.any_value())
    return [str(each.entry.data) for each in found]


def test_health_data_in_america_fails_synth_with_the_reason() -> None:
    (error,) = errors(NURSE, "us-east-1")
    assert error.startswith(
        "Agent nurse handles health data, which must stay in the EU, and this environment is in us-east-1."
    )
    assert "-c region=" in error


def test_health_data_in_the_eu_is_fine() -> None:
    assert errors(NURSE, "eu-central-1") == []


def test_an_agent_with_regions_of_its_own_fails_everywhere_else() -> None:
    (error,) = errors(spec(regions=("eu-west-1", "eu-north-1")), "eu-central-1")
    assert error.startswith(
        "Agent reviewer may run in eu-west-1, eu-north-1 only, by the regions of its spec"
    )


@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1", "ap-southeast-2"])
def test_an_ordinary_agent_may_run_anywhere(region: str) -> None:
    assert refusal(spec(), region=region) is None
