"""Agents are graded where the environment says so, by the judges of their specs, on a share of sessions."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from stacks.config import ENVIRONMENTS
from tests.infrastructure.samples import DEV, PIPELINE, pipeline, platform, resources, spec

EVALUATION = "AWS::BedrockAgentCore::OnlineEvaluationConfig"
PROD = ENVIRONMENTS["prod"]


def test_development_pays_for_no_judge(tmp_path: Path) -> None:
    platform(tmp_path, agents=pipeline())["Agents"].resource_count_is(EVALUATION, 0)


def test_production_grades_its_share_of_every_agents_live_sessions(tmp_path: Path) -> None:
    agents = {
        **pipeline(),
        "nurse": replace(spec("nurse"), data_class="health", regions=("eu-west-1",)),
        "silent": replace(spec("silent"), evaluators=()),
        "talker": replace(spec("talker"), evaluators=("helpfulness",)),
    }
    template = platform(tmp_path, agents=agents, config=PROD)["Agents"]
    found = {
        str(each["OnlineEvaluationConfigName"]): json.loads(json.dumps(each))
        for each in resources(template, EVALUATION).values()
    }
    # Not the agent that is told health data, nor the one whose spec names no judge.
    assert set(found) == {f"prod_{name}" for name in (*PIPELINE, "talker")}
    assert [each["EvaluatorId"] for each in found["prod_talker"]["Evaluators"]] == ["Builtin.Helpfulness"]
    planning = found["prod_planning"]
    assert planning["Rule"]["SamplingConfig"]["SamplingPercentage"] == PROD.evaluation_percent
    assert planning["DataSourceConfig"]["CloudWatchLogs"]["ServiceNames"] == ["prod_planning.live"]
    assert planning["EvaluationExecutionRoleArn"] == found["prod_talker"]["EvaluationExecutionRoleArn"]


def test_transaction_search_is_switched_on_only_where_the_environment_owns_the_account(
    tmp_path: Path,
) -> None:
    search = "AWS::XRay::TransactionSearchConfig"
    without = platform(tmp_path / "without", agents=pipeline())["Agents"]
    without.resource_count_is(search, 0)
    owner = replace(DEV, transaction_search=True)
    platform(tmp_path / "with", agents=pipeline(), config=owner)["Agents"].resource_count_is(search, 1)


def test_one_trace_policy_serves_every_agent_and_no_payload_is_delivered(tmp_path: Path) -> None:
    template = platform(tmp_path, agents=pipeline("reviewer"))["Agents"]
    template.resource_count_is("AWS::XRay::ResourcePolicy", 1)
    kinds = {str(each["LogType"]) for each in resources(template, "AWS::Logs::DeliverySource").values()}
    assert kinds == {"TRACES", "USAGE_LOGS"}
