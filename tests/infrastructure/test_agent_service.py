"""One agent becomes exactly these resources, and its role holds only what its spec grants."""

from __future__ import annotations

import json
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from syrupy.assertion import SnapshotAssertion

from slipway.domain.agent_spec import AgentSpec, Grant
from slipway.settings import Settings
from stacks.constructs.agent_grants import AgentGrants
from stacks.constructs.agent_service import AgentService
from stacks.constructs.agent_telemetry import AgentTelemetry
from stacks.packaging.bundles import PlaceholderBundles
from tests.infrastructure.samples import DEV, resources, spec, stack_with_permissions


def service(folder: Path, agent: AgentSpec) -> cdk.Stack:
    stack, permissions = stack_with_permissions()
    AgentService(
        stack,
        "Agent",
        spec=agent,
        config=DEV,
        code=PlaceholderBundles(folder).agent(agent.name),
        settings=Settings(environment="dev", gateway_url="https://gateway.example/mcp"),
        grants=AgentGrants(
            permissions=permissions,
            gateway_arn="arn:aws:bedrock-agentcore:eu-west-1:111122223333:gateway/slipway-dev",
            code_interpreter_arn="arn:aws:bedrock-agentcore:eu-west-1:111122223333:code-interpreter-custom/x",
            region=DEV.region,
        ),
        telemetry=AgentTelemetry(stack, "Telemetry", config=DEV),
    )
    return stack


def actions(stack: cdk.Stack) -> set[str]:
    (role,) = resources(assertions.Template.from_stack(stack), "AWS::IAM::Role").values()
    text = json.loads(json.dumps(role["Policies"]))
    return {
        action
        for policy in text
        for statement in policy["PolicyDocument"]["Statement"]
        for action in (
            statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        )
    }


def test_one_agent_becomes_exactly_these_resources(
    tmp_path: Path, template_snapshot: SnapshotAssertion
) -> None:
    agent = spec(grants=frozenset(Grant))
    assert assertions.Template.from_stack(service(tmp_path, agent)).to_json() == template_snapshot


def test_an_agent_without_grants_may_only_read_its_code_and_log(tmp_path: Path) -> None:
    allowed = actions(service(tmp_path, spec(grants=frozenset())))
    assert {action for action in allowed if not action.startswith("logs:")} == {"s3:GetObject"}


@pytest.mark.parametrize(
    ("grant", "action"),
    [
        (Grant.READ_ARTIFACTS, "s3:ListBucket"),
        (Grant.WRITE_RUNS, "s3:PutObject"),
        (Grant.APPEND_EVENTS, "dynamodb:PutItem"),
        (Grant.USE_GATEWAY, "bedrock-agentcore:InvokeGateway"),
        (Grant.USE_SANDBOX, "bedrock-agentcore:InvokeCodeInterpreter"),
        (Grant.INVOKE_MODEL, "bedrock:InvokeModelWithResponseStream"),
        (Grant.COMPLETE_STEPS, "states:SendTaskSuccess"),
    ],
)
def test_each_grant_allows_its_own_action(tmp_path: Path, grant: Grant, action: str) -> None:
    without = actions(service(tmp_path, spec(grants=frozenset())))
    granted = actions(service(tmp_path, spec(grants=frozenset({grant}))))
    assert action in granted - without


def test_a_session_outlives_the_longest_run_but_never_eight_hours(tmp_path: Path) -> None:
    stack = service(tmp_path, spec(timeout_minutes=600, idle_timeout_minutes=15))
    (runtime,) = resources(assertions.Template.from_stack(stack), "AWS::BedrockAgentCore::Runtime").values()
    assert runtime["LifecycleConfiguration"] == {"IdleRuntimeSessionTimeout": 900, "MaxLifetime": 28800}
