"""A memory exists when a spec wants one, holds what specs want, and is open to those specs only."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from aws_cdk import assertions

from slipway.domain.agent_spec import Memory
from stacks.config import ENVIRONMENTS, EnvironmentConfig
from tests.infrastructure.samples import DEV, pipeline, platform, resources, spec

MEMORY = "AWS::BedrockAgentCore::Memory"
KEPT = {
    "talker": replace(spec("talker"), memory=Memory(short_term_days=30, strategies=("semantic", "summary"))),
    "listener": replace(spec("listener"), memory=Memory(short_term_days=7)),
}


def agents_template(folder: Path, config: EnvironmentConfig = DEV) -> assertions.Template:
    return platform(folder, agents={**pipeline(), **KEPT}, config=config)["Agents"]


def actions(template: assertions.Template, agent: str) -> set[str]:
    roles = resources(template, "AWS::IAM::Role")
    (role,) = (
        properties for logical_id, properties in roles.items() if logical_id.startswith(f"{agent}Role")
    )
    (policy,) = json.loads(json.dumps(role["Policies"]))
    return {
        action
        for statement in policy["PolicyDocument"]["Statement"]
        for action in (
            statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        )
    }


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> assertions.Template:
    return agents_template(tmp_path_factory.mktemp("memory"))


def test_no_agent_that_remembers_means_no_memory(tmp_path: Path) -> None:
    platform(tmp_path, agents=pipeline())["Agents"].resource_count_is(MEMORY, 0)


def test_one_memory_holds_the_longest_days_and_every_strategy(template: assertions.Template) -> None:
    (memory,) = resources(template, MEMORY).values()
    assert memory["EventExpiryDuration"] == 30
    kinds = [kind for each in json.loads(json.dumps(memory["MemoryStrategies"])) for kind in each]
    assert kinds == ["SemanticMemoryStrategy", "SummaryMemoryStrategy"]


def test_only_an_agent_whose_spec_says_so_reaches_the_memory(template: assertions.Template) -> None:
    assert "bedrock-agentcore:RetrieveMemoryRecords" in actions(template, "Talker")
    listened = actions(template, "Listener")
    assert "bedrock-agentcore:CreateEvent" in listened
    assert "bedrock-agentcore:RetrieveMemoryRecords" not in listened
    assert not {"bedrock-agentcore:CreateEvent", "bedrock-agentcore:ListEvents"} & actions(
        template, "Planning"
    )


def test_only_an_agent_that_remembers_is_told_where(template: assertions.Template) -> None:
    told = {
        str(runtime["AgentRuntimeName"]): "SLIPWAY_MEMORY_ID" in json.dumps(runtime["EnvironmentVariables"])
        for runtime in resources(template, "AWS::BedrockAgentCore::Runtime").values()
    }
    assert {name for name, is_told in told.items() if is_told} == {"dev_talker", "dev_listener"}


def test_a_customer_key_encrypts_the_memory_where_there_is_one(tmp_path: Path) -> None:
    template = agents_template(tmp_path, ENVIRONMENTS["prod"])
    (memory,) = resources(template, MEMORY).values()
    assert "EncryptionKeyArn" in memory
    assert {"kms:Decrypt", "kms:GenerateDataKey"} <= actions(template, "Listener")


@pytest.mark.parametrize("days", [1, 6, 366])
def test_days_that_agentcore_refuses_are_refused_at_once(days: int) -> None:
    with pytest.raises(ValueError, match=f"short_term_days={days}"):
        Memory(short_term_days=days)


def test_strategies_need_conversations() -> None:
    with pytest.raises(ValueError, match="strategies need short_term_days"):
        Memory(strategies=("semantic",))
