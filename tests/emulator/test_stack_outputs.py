"""A stack reads the output of a stack in another region."""

from __future__ import annotations

import json

import boto3
import pytest

from tests.emulator.emulator_process import ACCOUNT, Emulator

pytestmark = pytest.mark.emulator


def reader(output: str, *, region: str | None) -> dict[str, object]:
    where = {"Region": region} if region else {}
    value = {"Fn::GetStackOutput": {"StackName": "far", "OutputName": output, **where}}
    return {
        "Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": value}}},
        "Outputs": {"Read": {"Value": value}},
    }


@pytest.fixture(scope="module")
def far(emulator: Emulator) -> None:
    client = boto3.client(
        "cloudformation",
        region_name="us-east-1",
        endpoint_url=emulator.url,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="local",
    )
    template = {
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "far"}}},
        "Outputs": {"Name": {"Value": {"Fn::GetAtt": ["Topic", "TopicName"]}}},
    }
    client.create_stack(StackName="far", TemplateBody=json.dumps(template))
    client.get_waiter("stack_create_complete").wait(StackName="far", WaiterConfig={"Delay": 1})


@pytest.mark.usefixtures("far")
def test_an_output_is_read_in_the_region_that_the_template_names(emulator: Emulator) -> None:
    assert emulator.deploy("near", reader("Name", region="us-east-1"))["Read"] == "far"
    assert emulator.client("sqs").get_queue_url(QueueName="far")["QueueUrl"]


@pytest.mark.usefixtures("far")
def test_a_stack_of_another_region_is_not_found_in_ones_own(emulator: Emulator) -> None:
    with pytest.raises(AssertionError, match="stack far in eu-west-1 has no output Name"):
        emulator.deploy("here", reader("Name", region=None))
