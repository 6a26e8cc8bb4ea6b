"""What the synthesized policies permit, asked of the gateway's own decision: each agent, each tool."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest

from agents.registry import AGENTS
from local.gateway import policy
from local.gateway.configuration import CedarPolicy, GatewayConfiguration
from slipway.domain import names
from slipway.domain.agent_spec import Tool
from tests.infrastructure.samples import Resource, platform

ACCOUNT = "111122223333"
GATEWAY_ARN = f"arn:aws:bedrock-agentcore:eu-west-1:{ACCOUNT}:gateway/slipway-dev-0123456789"
TOOLS: tuple[Tool, ...] = tuple(
    sorted({tool for spec in AGENTS.values() for tool in spec.tools}, key=lambda tool: tool.gateway_name)
)
OTHERS = ("github___merge_pull_request", "slack___send_message", "sentry___update_issue")


def text(value: object) -> str:
    """A template's expression with what a deploy would put in."""
    if isinstance(value, Mapping):
        ((function, argument),) = value.items()
        if function == "Fn::Join":
            separator, parts = argument
            return str(separator).join(text(part) for part in parts)
        if function == "Fn::GetAtt":
            return GATEWAY_ARN if argument[1] == "GatewayArn" else str(argument[0])
        return {"AWS::AccountId": ACCOUNT, "AWS::Partition": "aws"}.get(str(argument), str(argument))
    return str(value)


def cedar(policy: Mapping[str, object]) -> object:
    definition = policy["Definition"]
    assert isinstance(definition, Mapping)
    return definition["Cedar"]["Statement"]


@dataclass(frozen=True)
class Deployed:
    gateway: GatewayConfiguration
    roles: Mapping[str, str]

    def decide(self, agent: str, tool: str) -> bool:
        principal = f"arn:aws:sts::{ACCOUNT}:assumed-role/{self.roles[agent]}/session-1"
        return policy.decide(self.gateway, principal=principal, tool=tool, arguments={}).allowed


def of_type(template: Mapping[str, Resource], kind: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    for logical_id, resource in template.items():
        if resource["Type"] == kind:
            yield logical_id, json.loads(json.dumps(resource["Properties"]))


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    template = platform(tmp_path_factory.mktemp("platform"), agents=AGENTS)["Agents"].to_json()["Resources"]
    policies = [
        CedarPolicy(name=str(found["Name"]), statement=text(cedar(found)))
        for _, found in of_type(template, "AWS::BedrockAgentCore::Policy")
    ]
    roles = {
        agent: logical_id
        for agent in AGENTS
        for logical_id, _ in of_type(template, "AWS::IAM::Role")
        if re.fullmatch(rf"{names.construct_id(agent)}Role[0-9A-F]+", logical_id)
    }
    return Deployed(
        GatewayConfiguration(
            gateway_id="slipway-dev-0123456789",
            arn=GATEWAY_ARN,
            name="slipway-dev",
            policies=policies,
            mode="ENFORCE",
        ),
        roles,
    )


def test_every_agent_has_its_role_and_its_policy(deployed: Deployed) -> None:
    assert set(deployed.roles) == set(AGENTS)
    assert {each.name for each in deployed.gateway.policies} == {
        names.gateway_policy(name) for name in AGENTS
    }


@pytest.mark.parametrize("agent", AGENTS)
def test_an_agent_may_call_exactly_the_tools_of_its_spec(deployed: Deployed, agent: str) -> None:
    granted = {tool.gateway_name for tool in AGENTS[agent].tools}
    asked = {*(tool.gateway_name for tool in TOOLS), *OTHERS}
    assert {tool for tool in asked if deployed.decide(agent, tool)} == granted


def test_a_role_of_nobody_may_call_nothing(deployed: Deployed) -> None:
    stranger = Deployed(deployed.gateway, {"stranger": "SomeOtherRole"})
    assert not [tool for tool in TOOLS if stranger.decide("stranger", tool.gateway_name)]


def test_agents_differ_in_what_they_may_call(deployed: Deployed) -> None:
    permitted = {
        agent: {tool.gateway_name for tool in TOOLS if deployed.decide(agent, tool.gateway_name)}
        for agent in AGENTS
    }
    assert all(one != other for one, other in itertools.combinations(permitted.values(), 2))
