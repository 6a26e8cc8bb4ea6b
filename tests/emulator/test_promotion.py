"""The pin of `live`: deploys leave it where a promotion put it, and a rollback moves it back."""

from __future__ import annotations

import json

import pytest

from tests.emulator.agents import template, upload
from tests.emulator.emulator_process import Emulator

pytestmark = pytest.mark.emulator


def test_a_promoted_version_stays_live_through_deploys_until_it_is_rolled_back(emulator: Emulator) -> None:
    control, data = emulator.client("bedrock-agentcore-control"), emulator.client("bedrock-agentcore")

    def deploy(version: str) -> str:
        stack = template(upload(emulator, version=f"promotion-{version}"), name="promoted")
        return emulator.deploy("promotion", stack)["Arn"]

    def answers(arn: str, endpoint: str) -> str:
        reply = data.invoke_agent_runtime(agentRuntimeArn=arn, qualifier=endpoint, payload=b"{}")
        return str(json.loads(reply["response"].read())["version"])

    def promote(arn: str, version: str) -> None:
        runtime_id = arn.rpartition("/")[2]
        control.update_agent_runtime_endpoint(
            agentRuntimeId=runtime_id, endpointName="pinned", agentRuntimeVersion=version
        )

    arn = deploy("one")
    deploy("two")
    assert (answers(arn, "pinned"), answers(arn, "live")) == ("promotion-one", "promotion-two")
    promote(arn, "2")
    deploy("three")
    assert (answers(arn, "pinned"), answers(arn, "live")) == ("promotion-two", "promotion-three")
    promote(arn, "1")
    assert answers(arn, "pinned") == "promotion-one"
