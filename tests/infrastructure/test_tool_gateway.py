"""The gateway knows its targets, and each agent may call exactly the tools of its spec."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from pydantic import ValidationError
from syrupy.assertion import SnapshotAssertion

from slipway.domain.agent_spec import Tool, tools
from stacks.config import ToolSignIn, findings
from stacks.constructs.gateway import ToolGateway
from stacks.constructs.gateway_credentials import target_credentials
from stacks.constructs.gateway_targets import PEOPLE_TOOLS, REMOTE_TARGETS, TOOL_SCHEMAS
from stacks.constructs.policy_text import permit_people, permit_tools
from tests.infrastructure.samples import DEV, pipeline, platform, resources, spec

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "lambdas" / "repositories_tool" / "tool_schema.json"


def gateway(*agent_tools: Tool, sign_in: ToolSignIn | None = None) -> assertions.Template:
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
    tool_gateway = ToolGateway(
        stack,
        "Tools",
        config=DEV,
        interceptor=interceptor,
        credentials=target_credentials(stack, REMOTE_TARGETS, config=DEV),
        sign_in=sign_in,
    )
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
    (interceptor,) = json.loads(json.dumps(found["InterceptorConfigurations"]))
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


PEOPLE = ToolSignIn(
    discovery_url="https://login.acme.test/.well-known/openid-configuration", clients=("mcp-client",)
)


def test_people_come_with_tokens_of_their_provider_and_agents_with_roles() -> None:
    (for_agents,) = resources(gateway(), "AWS::BedrockAgentCore::Gateway").values()
    (for_people,) = resources(gateway(sign_in=PEOPLE), "AWS::BedrockAgentCore::Gateway").values()
    assert for_agents["AuthorizerType"] == "AWS_IAM"
    assert for_people["AuthorizerType"] == "CUSTOM_JWT"
    assert for_people["AuthorizerConfiguration"] == {
        "CustomJWTAuthorizer": {
            "AllowedClients": ["mcp-client"],
            "AllowedScopes": ["slipway/tools"],
            "DiscoveryUrl": PEOPLE.discovery_url,
        }
    }
    assert for_agents["Name"] != for_people["Name"]


def test_an_environment_says_whose_tokens_count() -> None:
    open_door = replace(DEV, tool_sign_in=ToolSignIn(discovery_url="http://login.acme.test"))
    assert {found.field for found in findings(open_door)} == {
        "tool_sign_in.clients",
        "tool_sign_in.discovery_url",
    }


def test_a_configured_sign_in_adds_a_second_gateway_over_the_same_credentials(tmp_path: Path) -> None:
    config = replace(DEV, tool_sign_in=PEOPLE)
    template = platform(tmp_path, agents=pipeline(), config=config)["Agents"]
    template.resource_count_is("AWS::BedrockAgentCore::Gateway", 2)
    template.resource_count_is("AWS::BedrockAgentCore::ApiKeyCredentialProvider", len(REMOTE_TARGETS))
    policies = [str(each["Name"]) for each in resources(template, "AWS::BedrockAgentCore::Policy").values()]
    assert policies.count("people") == 1


def test_people_need_the_scope_and_get_tools_that_only_read() -> None:
    text = permit_people(PEOPLE_TOOLS, scope="slipway/tools", gateway_arn="arn:the-gateway")
    assert "principal is AgentCore::OAuthUser" in text
    assert 'principal.getTag("scope") like "*slipway/tools*"' in text
    reading = ("get", "list", "search", "pull_request_read")
    assert not [tool for tool in PEOPLE_TOOLS if not tool.name.startswith(reading)]


def test_a_tool_schema_that_the_gateway_could_not_express_is_refused() -> None:
    arguments = {"type": "object", "properties": {"mode": {"type": "string", "enum": ["fast"]}}}
    with pytest.raises(ValidationError, match="enum"):
        TOOL_SCHEMAS.validate_python([{"name": "run", "description": "Run.", "inputSchema": arguments}])
