from __future__ import annotations

from local.aws.cloudformation import RESOURCE_TYPE, RecordedAttributes
from local.aws.cloudformation_gateways import statement
from local.aws.cloudformation_runtimes import runtime_request
from local.aws.cloudformation_secrets import secret_name
from local.aws.property_names import to_api


def test_names_are_lowered_at_every_level_but_below_the_users_own() -> None:
    assert to_api(
        {
            "CodeConfiguration": {"Code": {"S3": {"Bucket": "b"}}, "EntryPoint": ["main.py"]},
            "EnvironmentVariables": {"ModelTier": "fast"},
        }
    ) == {
        "codeConfiguration": {"code": {"s3": {"bucket": "b"}}, "entryPoint": ["main.py"]},
        "environmentVariables": {"ModelTier": "fast"},
    }


def test_a_runtime_has_a_protocol_and_a_network() -> None:
    request = runtime_request({"AgentRuntimeName": "planning", "ProtocolConfiguration": "HTTP"})
    assert request == {
        "agentRuntimeName": "planning",
        "protocolConfiguration": {"serverProtocol": "HTTP"},
        "networkConfiguration": {"networkMode": "PUBLIC"},
    }


def test_a_recorded_resource_answers_every_attribute() -> None:
    attributes = RecordedAttributes(Arn="arn:x", Id="x")
    assert "Anything" in attributes
    assert attributes["Anything"] == "x"
    assert attributes["GroupArn"] == "arn:x"


def test_only_types_of_services_are_recorded() -> None:
    assert RESOURCE_TYPE.fullmatch("AWS::XRay::Group")
    assert not RESOURCE_TYPE.fullmatch("AWS::CloudFormation::Macro")
    assert not RESOURCE_TYPE.fullmatch("Custom::Thing")
    assert not RESOURCE_TYPE.fullmatch("AWS::XRay")


def test_a_secrets_name_is_found_in_its_arn() -> None:
    assert secret_name("arn:aws:secretsmanager:eu-west-1:1:secret:slipway/jira-a1B2c3") == "slipway/jira"
    assert secret_name("plain-name") == "plain-name"


def test_a_policys_text_is_found_in_both_forms() -> None:
    assert statement({"Definition": {"Cedar": {"Statement": "permit"}}}) == "permit"
    assert statement({"Definition": {"Policy": {"Statement": "forbid"}}}) == "forbid"
    assert statement({}) == ""
