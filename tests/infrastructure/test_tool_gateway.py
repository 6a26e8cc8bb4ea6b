"""The gateway knows its targets, and each agent may call exactly the tools of its spec."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from pydantic import ValidationError
from syrupy.assertion import SnapshotAssertion

from slipway.domain.agent_spec import Tool, tools
from stacks.constructs.gateway import ToolGateway
from stacks.constructs.gateway_targets import TOOL_SCHEMAS
from stacks.constructs.policy_text import permit_tools
from tests.infrastructure.samples import DEV, resources, spec

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "lambdas" / "repositories_tool" / "tool_schema.json"


def gateway(*agent_tools: Tool) -> assertions.Template:
    stack = cdk.Stack(cdk.App(), "Sample", env=cdk.Environment(region=DEV.region))
    function, interceptor = (
        lambda_.Function.from_function_attributes(
            stack,
            name,
            function_arn=f"arn:aws:lambda:eu-west-1:111122223333:function:{name}",
            same_environment=True,
        )
        for name in ("repositories-tool", "tool-interceptor")
    )
    tool_gateway = ToolGateway(stack, "Tools", config=DEV, interceptor=interceptor)
    tool_gateway.add_function_target("repositories", function=function, tool_schema=SCHEMA)
    role = iam.Role.from_role_name(stack, "Role", "reviewer-role")
    tool_gateway.permit(spec(tools=agent_tools), role=role)
    return assertions.Template.from_stack(stack)


def test_the_gateway_becomes_exactly_these_resources(template_snapshot: SnapshotAssertion) -> None:
    assert gateway(*tools("github", "search_code")).to_json() == template_snapshot


def test_a_policy_waits_for_every_target_whose_tools_it_may_name() -> None:
    template = gateway(*tools("github", "search_code"))
    (policy,) = template.find_resources("AWS::BedrockAgentCore::Policy").values()
    assert set(template.find_resources("AWS::BedrockAgentCore::GatewayTarget")) <= set(policy["DependsOn"])


def test_every_request_passes_the_interceptor_first() -> None:
    template = gateway()
    (found,) = resources(template, "AWS::BedrockAgentCore::Gateway").values()
    (interceptor,) = found["InterceptorConfigurations"]  # type: ignore[attr-defined]  # JSON of the template
    assert interceptor["InterceptionPoints"] == ["REQUEST"]
    assert interceptor["Interceptor"]["Lambda"]["Arn"].endswith(":function:tool-interceptor")


def test_an_agent_without_tools_gets_no_policy() -> None:
    gateway().resource_count_is("AWS::BedrockAgentCore::Policy", 0)


def test_a_policy_names_the_tools_the_role_and_the_gateway() -> None:
    text = permit_tools(
        tools("github", "search_code", "get_commit"), role_name="reviewer-role", gateway_arn="arn:the-gateway"
    )
    assert 'AgentCore::Action::"github___search_code"' in text
    assert 'AgentCore::Action::"github___get_commit"' in text
    assert 'resource == AgentCore::Gateway::"arn:the-gateway"' in text
    assert ':assumed-role/reviewer-role/*"' in text


def test_a_tool_schema_that_the_gateway_could_not_express_is_refused() -> None:
    arguments = {"type": "object", "properties": {"mode": {"type": "string", "enum": ["fast"]}}}
    with pytest.raises(ValidationError, match="enum"):
        TOOL_SCHEMAS.validate_python([{"name": "run", "description": "Run.", "inputSchema": arguments}])
