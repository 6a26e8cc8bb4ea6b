"""Every adapter of a port, by name: in memory, and AWS as moto plays it."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from slipway.adapters.aws.clients import Clients
from slipway.bootstrap import AwsPlatform
from slipway.ports.platform import Platform
from slipway.settings import Settings
from tests.builders import TickingClock, a_platform

MACHINE_ROLE = "arn:aws:iam::123456789012:role/machine"


@pytest.fixture(params=["memory", "aws"])
def platform(request: pytest.FixtureRequest) -> Iterator[Platform]:
    if request.param == "memory":
        yield a_platform()
        return
    with mock_aws():
        yield aws_platform()


def aws_platform() -> AwsPlatform:
    """On whatever AWS the environment points at."""
    boto3.client("s3").create_bucket(
        Bucket="slipway-artifacts", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    keys = ("pk", "sk", "gsi1pk", "gsi1sk")
    boto3.client("dynamodb").create_table(
        TableName="slipway-tasks",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by_state",
                "KeySchema": [
                    {"AttributeName": "gsi1pk", "KeyType": "HASH"},
                    {"AttributeName": "gsi1sk", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    machine = boto3.client("stepfunctions").create_state_machine(
        name="ticket",
        definition='{"StartAt": "Wait", "States": {"Wait": {"Type": "Pass", "End": true}}}',
        roleArn=MACHINE_ROLE,
    )
    settings = Settings(
        environment="dev",
        tasks_table="slipway-tasks",
        artifacts_bucket="slipway-artifacts",
        state_machine_arn=machine["stateMachineArn"],
    )
    return AwsPlatform(settings=settings, clients=Clients(), clock=TickingClock())
