"""Every action that a role of ours may take is one that code takes, or one that a service takes for it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from botocore import xform_name

from agents.registry import AGENTS
from scripts.synthesis import Assembly, Target
from scripts.validation.permissions import Statement, statements
from stacks.config import ENVIRONMENTS
from tests.infrastructure.samples import platform

ROOT = Path(__file__).resolve().parents[2]
RUNS_IN_THE_CLOUD = ("slipway/adapters/aws", "slipway/agentkit", "lambdas", "agents")

# Actions that no client method of ours is named after: who takes them, and for what.
TAKEN_OTHERWISE = {
    "bedrock-agentcore:InvokeGateway": "McpGateway speaks MCP over HTTPS, signed by GatewayAuth",
    "bedrock:InvokeModel": "Strands' BedrockModel, without streaming",
    "bedrock:InvokeModelWithResponseStream": "Strands' BedrockModel",
    "s3:ListBucket": "makes a missing object a 404 that head_object and get_object can tell from a refusal",
    "kms:Decrypt": "DynamoDB, S3 and Secrets Manager open what the caller reads",
    "kms:DescribeKey": "DynamoDB looks at the key of an encrypted table",
    "kms:Encrypt": "DynamoDB seals what the caller writes",
    "kms:GenerateDataKey": "S3 and DynamoDB seal what the caller writes",
    "kms:ReEncryptFrom": "DynamoDB renews a table's data key in a caller's request",
    "kms:ReEncryptTo": "DynamoDB renews a table's data key in a caller's request",
    "s3vectors:GetVectors": "QueryVectors asks for it when it filters by metadata or returns it",
    "logs:CreateLogGroup": "AgentCore writes a runtime's output with the runtime's role",
    "logs:CreateLogStream": "Lambda and AgentCore write a process' output with its role",
    "logs:DescribeLogStreams": "AgentCore writes a runtime's output with the runtime's role",
    "logs:PutLogEvents": "Lambda and AgentCore write a process' output with its role",
    "sqs:SendMessage": "Lambda moves what failed to the dead-letter queue with the function's role",
    "sqs:GetQueueAttributes": "Lambda's stream poller, for its on-failure queue (CDK's grant)",
    "sqs:GetQueueUrl": "Lambda's stream poller, for its on-failure queue (CDK's grant)",
    "dynamodb:DescribeStream": "Lambda's stream poller, with the function's role",
    "dynamodb:GetRecords": "Lambda's stream poller, with the function's role",
    "dynamodb:GetShardIterator": "Lambda's stream poller, with the function's role",
    "dynamodb:ListStreams": "Lambda's stream poller, with the function's role; knows no resource",
    "lambda:InvokeFunction": "Step Functions calls its states, the gateway its targets",
    "bedrock-agentcore:AuthorizeAction": "the gateway asks its policy engine",
    "bedrock-agentcore:GetPolicyEngine": "the gateway asks its policy engine",
    "bedrock-agentcore:PartiallyAuthorizeActions": "the gateway asks its policy engine",
    "bedrock-agentcore:GetResourceApiKey": "the gateway fetches a target's credential",
    "bedrock-agentcore:GetWorkloadAccessToken": "the gateway proves who it is to AgentCore Identity",
    "secretsmanager:DescribeSecret": "CDK's grant_read for AgentCore Identity behind the gateway",
    "logs:DescribeIndexPolicies": "AgentCore's judges look up how spans are indexed",
    "logs:GetQueryResults": "AgentCore's judges read spans and what agents logged",
    "logs:PutIndexPolicy": "AgentCore's judges have spans indexed by session",
    "logs:StartQuery": "AgentCore's judges read spans and what agents logged",
    "logs:CreateLogDelivery": "Step Functions delivers its log; knows no resource",
    "logs:DeleteLogDelivery": "Step Functions delivers its log; knows no resource",
    "logs:DescribeLogGroups": "Step Functions delivers its log; knows no resource",
    "logs:DescribeResourcePolicies": "Step Functions delivers its log; knows no resource",
    "logs:GetLogDelivery": "Step Functions delivers its log; knows no resource",
    "logs:ListLogDeliveries": "Step Functions delivers its log; knows no resource",
    "logs:PutResourcePolicy": "Step Functions delivers its log; knows no resource",
    "logs:UpdateLogDelivery": "Step Functions delivers its log; knows no resource",
    "xray:GetSamplingRules": "Step Functions and agents trace; X-Ray knows no resource",
    "xray:GetSamplingTargets": "Step Functions and agents trace; X-Ray knows no resource",
    "xray:PutTelemetryRecords": "Step Functions and agents trace; X-Ray knows no resource",
    "xray:PutTraceSegments": "Step Functions and agents trace; X-Ray knows no resource",
}


@pytest.fixture(scope="module")
def granted(tmp_path_factory: pytest.TempPathFactory) -> list[Statement]:
    """Every statement of prod, which switches everything on, for the agents there are."""
    folder = tmp_path_factory.mktemp("prod")
    config = ENVIRONMENTS["prod"]
    platform(folder, agents=AGENTS, config=config)
    target = Target(environment=config.name, region=config.region)
    return list(statements(Assembly(target=target, folder=folder / "cdk.out", seconds=0, notes=())))


@pytest.fixture(scope="module")
def called() -> set[str]:
    """Names of methods that code in the cloud calls, and of operations that it pages through."""
    names: set[str] = set()
    for folder in RUNS_IN_THE_CLOUD:
        for module in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    names.add(node.func.attr)
                    names.update(_paged(node))
    return names


def _paged(call: ast.Call) -> set[str]:
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "get_paginator":
        return set()
    return {str(each.value) for each in call.args if isinstance(each, ast.Constant)}


def is_called(action: str, called: set[str]) -> bool:
    _, _, operation = action.partition(":")
    return xform_name(operation) in called


def test_every_granted_action_is_taken(granted: list[Statement], called: set[str]) -> None:
    actions = {action for statement in granted for action in statement.actions}
    unused = {action for action in actions if not is_called(action, called) and action not in TAKEN_OTHERWISE}
    assert not unused, "grant less, or say in TAKEN_OTHERWISE who takes it"


def test_every_explanation_is_of_an_action_that_is_granted(granted: list[Statement]) -> None:
    actions = {action for statement in granted for action in statement.actions}
    assert set(TAKEN_OTHERWISE) <= actions


def test_no_action_is_a_pattern(granted: list[Statement]) -> None:
    assert not [each for each in granted if any("*" in action for action in each.actions)]


def test_what_touches_every_resource_says_that_the_action_knows_none(granted: list[Statement]) -> None:
    broad = {action for statement in granted if statement.is_unbounded for action in statement.actions}
    assert not {action for action in broad if "no resource" not in TAKEN_OTHERWISE.get(action, "")}


def test_an_agents_role_has_no_statement_on_everything(granted: list[Statement]) -> None:
    own = [
        each
        for each in granted
        if each.place.startswith(tuple(f"{name.capitalize()}Role" for name in AGENTS))
    ]
    assert own
    assert not [each for each in own if each.is_unbounded]
