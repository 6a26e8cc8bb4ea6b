from __future__ import annotations

from pathlib import Path

import pytest

from scripts.deployment.differences import differences
from scripts.deployment.widening import widened
from slipway.domain.errors import NotFound
from tests.unit.scripts.assemblies import allow, assembly, resource, role, template


def test_stacks_come_in_the_order_of_deployment(tmp_path: Path) -> None:
    made = assembly(tmp_path, Data={}, Agents={}, Workflow={})
    assert [stack.name for stack in made.stacks] == [
        "Slipway-dev-Data",
        "Slipway-dev-Agents",
        "Slipway-dev-Workflow",
    ]
    assert made.bootstrap_version == 6
    assert made.regions == ("eu-west-1",)


def test_a_stack_that_is_not_deployed_is_all_new(tmp_path: Path) -> None:
    made = assembly(tmp_path, Data={"Queue": resource("AWS::SQS::Queue")})
    [change] = differences(made, {})
    assert (change.action, change.logical_id) == ("add", "Queue")


def test_an_unchanged_template_changes_nothing(tmp_path: Path) -> None:
    queue = resource("AWS::SQS::Queue", VisibilityTimeout=30)
    made = assembly(tmp_path, Data={"Queue": queue})
    assert differences(made, {"Slipway-dev-Data": template({"Queue": queue})}) == []


def test_a_property_that_can_be_updated_is_a_change(tmp_path: Path) -> None:
    made = assembly(tmp_path, Data={"Queue": resource("AWS::SQS::Queue", VisibilityTimeout=60)})
    before = template({"Queue": resource("AWS::SQS::Queue", VisibilityTimeout=30)})
    [change] = differences(made, {"Slipway-dev-Data": before})
    assert (change.action, change.properties) == ("change", ("VisibilityTimeout",))


def test_a_property_that_is_set_at_creation_only_is_a_replacement(tmp_path: Path) -> None:
    made = assembly(
        tmp_path, Agents={"Runtime": resource("AWS::BedrockAgentCore::Runtime", AgentRuntimeName="b")}
    )
    before = template({"Runtime": resource("AWS::BedrockAgentCore::Runtime", AgentRuntimeName="a")})
    [change] = differences(made, {"Slipway-dev-Agents": before})
    assert change.action == "replace"


def test_another_type_under_the_same_id_is_a_replacement(tmp_path: Path) -> None:
    made = assembly(tmp_path, Data={"Thing": resource("AWS::SNS::Topic")})
    [change] = differences(made, {"Slipway-dev-Data": template({"Thing": resource("AWS::SQS::Queue")})})
    assert (change.action, change.properties) == ("replace", ("Type",))


def test_what_the_new_template_lacks_is_removed(tmp_path: Path) -> None:
    made = assembly(tmp_path, Data={})
    [change] = differences(made, {"Slipway-dev-Data": template({"Queue": resource("AWS::SQS::Queue")})})
    assert change.action == "remove"


def test_a_type_without_a_schema_is_not_taken_for_harmless(tmp_path: Path) -> None:
    made = assembly(tmp_path, Data={"New": resource("AWS::Unheard::Of", Name="b")})
    before = template({"New": resource("AWS::Unheard::Of", Name="a")})
    with pytest.raises(NotFound, match=r"AWS::Unheard::Of .*refresh_resource_types"):
        differences(made, {"Slipway-dev-Data": before})


def test_an_added_action_is_a_widening(tmp_path: Path) -> None:
    old, new = allow("s3:GetObject", "arn:a"), allow("s3:PutObject", "arn:a")
    made = assembly(tmp_path, Data={"Role": role(old, new)})
    [found] = widened(made, {"Slipway-dev-Data": template({"Role": role(old)})})
    assert (found.action, found.resource, found.owner) == ("s3:PutObject", "arn:a", "Role")


def test_a_wider_resource_is_a_widening(tmp_path: Path) -> None:
    made = assembly(tmp_path, Data={"Role": role(allow("s3:GetObject", "*"))})
    before = template({"Role": role(allow("s3:GetObject", "arn:a"))})
    assert [each.resource for each in widened(made, {"Slipway-dev-Data": before})] == ["*"]


def test_a_condition_that_goes_away_is_a_widening(tmp_path: Path) -> None:
    free = allow("kms:Decrypt", "*")
    bound = {**free, "Condition": {"StringEquals": {"kms:ViaService": "s3"}}}
    made = assembly(tmp_path, Data={"Role": role(free)})
    assert len(widened(made, {"Slipway-dev-Data": template({"Role": role(bound)})})) == 1


def test_a_refusal_that_goes_away_is_a_widening(tmp_path: Path) -> None:
    refusal = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:bucket"}
    policy = resource("AWS::S3::BucketPolicy", PolicyDocument={"Statement": [refusal]})
    made = assembly(
        tmp_path, Data={"Policy": resource("AWS::S3::BucketPolicy", PolicyDocument={"Statement": []})}
    )
    [found] = widened(made, {"Slipway-dev-Data": template({"Policy": policy})})
    assert "no longer refused" in str(found)


def test_narrower_rights_are_no_widening(tmp_path: Path) -> None:
    both = role(allow("s3:GetObject", "arn:a"), allow("s3:PutObject", "arn:a"))
    made = assembly(tmp_path, Data={"Role": role(allow("s3:GetObject", "arn:a"))})
    assert widened(made, {"Slipway-dev-Data": template({"Role": both})}) == []


def test_rights_of_a_new_stack_are_not_listed_one_by_one(tmp_path: Path) -> None:
    made = assembly(tmp_path, Data={"Role": role(allow("s3:*", "*"))})
    assert widened(made, {}) == []
