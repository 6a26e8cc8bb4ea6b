"""What must hold over a whole environment, however many agents and functions it has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from aws_cdk import assertions

from slipway.domain import names
from stacks.config import ENVIRONMENTS
from stacks.functions import FUNCTIONS
from stacks.routes import PEOPLE_ROUTES, ROUTES
from tests.infrastructure.samples import DEV, PARTS, PIPELINE, Resource, pipeline, platform, resources

ROOT = Path(__file__).resolve().parents[2]
Templates = dict[str, assertions.Template]

WILDCARDS = {
    "dynamodb:ListStreams": "Lambda's own poller; the action knows no resource",
    "logs:CreateLogDelivery": "Step Functions' log delivery knows no resource",
    "logs:GetLogDelivery": "Step Functions' log delivery knows no resource",
    "logs:UpdateLogDelivery": "Step Functions' log delivery knows no resource",
    "logs:DeleteLogDelivery": "Step Functions' log delivery knows no resource",
    "logs:ListLogDeliveries": "Step Functions' log delivery knows no resource",
    "logs:PutResourcePolicy": "Step Functions' log delivery knows no resource",
    "logs:DescribeResourcePolicies": "Step Functions' log delivery knows no resource",
    "logs:DescribeLogGroups": "Step Functions' log delivery knows no resource",
    "xray:PutTraceSegments": "X-Ray knows no resource",
    "xray:PutTelemetryRecords": "X-Ray knows no resource",
    "xray:GetSamplingRules": "X-Ray knows no resource",
    "xray:GetSamplingTargets": "X-Ray knows no resource",
}


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return platform(tmp_path_factory.mktemp("platform"), agents=pipeline("reviewer"))


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return platform(
        tmp_path_factory.mktemp("production"), agents=pipeline("reviewer"), config=ENVIRONMENTS["prod"]
    )


def everything(templates: Templates, kind: str) -> dict[str, Resource]:
    return {
        f"{part}/{logical_id}": properties
        for part in PARTS
        for logical_id, properties in resources(templates[part], kind).items()
    }


def statements(templates: Templates) -> Iterator[tuple[str, dict[str, object]]]:
    for path, role in everything(templates, "AWS::IAM::Role").items():
        for policy in json.loads(json.dumps(role.get("Policies", []))):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield path, statement
    for path, attached in everything(templates, "AWS::IAM::Policy").items():
        for statement in json.loads(json.dumps(attached["PolicyDocument"]))["Statement"]:
            yield path, statement


def listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize(
    "kind",
    [
        "AWS::BedrockAgentCore::Runtime",
        "AWS::BedrockAgentCore::Policy",
    ],
)
def test_every_agent_has_one_of_each(templates: Templates, kind: str) -> None:
    templates["Agents"].resource_count_is(kind, len(PIPELINE) + 1)


def test_every_agent_runs_under_its_own_name(templates: Templates) -> None:
    runtimes = resources(templates["Agents"], "AWS::BedrockAgentCore::Runtime").values()
    assert {str(each["AgentRuntimeName"]) for each in runtimes} == {
        names.runtime("dev", name) for name in (*PIPELINE, "reviewer")
    }


def test_every_lambda_folder_is_a_function_and_the_reverse(templates: Templates) -> None:
    folders = {handler.parent.name for handler in (ROOT / "lambdas").glob("*/handler.py")}
    assert folders == set(FUNCTIONS)


def test_every_function_is_deployed_under_its_derived_name(production: Templates) -> None:
    deployed = {each["FunctionName"] for each in everything(production, "AWS::Lambda::Function").values()}
    assert deployed == {names.function("prod", folder) for folder in FUNCTIONS}


def test_every_function_runs_the_handler_of_its_folder(production: Templates) -> None:
    handlers = {each["Handler"] for each in everything(production, "AWS::Lambda::Function").values()}
    assert handlers == {f"lambdas.{folder}.handler.handler" for folder in FUNCTIONS}


def test_every_route_leads_to_a_function_of_the_intake(templates: Templates) -> None:
    routes = {str(each["RouteKey"]) for each in everything(templates, "AWS::ApiGatewayV2::Route").values()}
    assert routes == {f"{method.value} {path}" for method, path, _ in (*ROUTES, *PEOPLE_ROUTES)}
    assert all(FUNCTIONS[folder].stack == "intake" for _, _, folder in (*ROUTES, *PEOPLE_ROUTES))


def test_nothing_may_touch_every_resource_without_a_reason(templates: Templates) -> None:
    broad = {
        str(action)
        for _, statement in statements(templates)
        if "*" in listed(statement["Resource"])
        for action in listed(statement["Action"])
    }
    assert broad <= set(WILDCARDS)


def test_no_statement_allows_every_action(templates: Templates) -> None:
    assert not [
        path
        for path, statement in statements(templates)
        for action in listed(statement["Action"])
        if str(action).endswith("*")
    ]


def test_a_function_that_follows_a_table_is_woken_by_its_own_rows_only(templates: Templates) -> None:
    woken_by = {
        path: [
            json.loads(each["Pattern"])
            for each in json.loads(json.dumps(mapping["FilterCriteria"]))["Filters"]
        ]
        for path, mapping in everything(templates, "AWS::Lambda::EventSourceMapping").items()
    }
    (dispatched,) = (patterns for path, patterns in woken_by.items() if "DispatchTasks" in path)
    (filed,) = (patterns for path, patterns in woken_by.items() if "FileAlerts" in path)
    for patterns, rows in ((dispatched, "TASK"), (filed, "ALERT")):
        assert patterns == [{"eventName": ["INSERT", "MODIFY"], "dynamodb": {"Keys": {"sk": {"S": [rows]}}}}]


def test_every_log_group_forgets(templates: Templates) -> None:
    assert not [
        path
        for path, group in everything(templates, "AWS::Logs::LogGroup").items()
        if "RetentionInDays" not in group
    ]


def test_every_alarm_says_what_to_do(templates: Templates) -> None:
    assert not [
        path
        for path, alarm in everything(templates, "AWS::CloudWatch::Alarm").items()
        if len(str(alarm.get("AlarmDescription", ""))) < 40
    ]


def test_the_command_line_finds_its_settings_in_an_output(templates: Templates) -> None:
    (output,) = templates["Workflow"].find_outputs("Settings").values()
    parameter, attribute = output["Value"]["Fn::GetAtt"]
    held = resources(templates["Workflow"], "AWS::SSM::Parameter")[parameter]
    assert attribute == "Value"
    assert "SLIPWAY_TASKS_TABLE" in json.dumps(held["Value"])


def test_no_derived_name_is_too_long_for_the_longest_agent() -> None:
    longest = "a" * 40
    assert all(len(names.runtime(environment, longest)) <= 48 for environment in ENVIRONMENTS)
    assert all(len(names.function(environment, longest)) <= 64 for environment in ENVIRONMENTS)
    assert DEV.name in names.gateway(DEV.name)
