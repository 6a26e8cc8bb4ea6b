"""Every adapter of a port, by name: in memory, AWS as moto plays it, AWS as the laptop's emulator does."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator

import pytest
from moto import mock_aws

from slipway.adapters.aws.clients import Clients
from slipway.bootstrap import AwsPlatform
from slipway.ports.platform import Platform
from slipway.settings import Settings
from tests.builders import TickingClock, a_platform
from tests.emulator.emulator_process import ACCOUNT, REGION, Emulator

ROLE = "arn:aws:iam::123456789012:role/machine"
SLEEP = {"StartAt": "Sleep", "States": {"Sleep": {"Type": "Wait", "Seconds": 600, "End": True}}}
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def shared_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    running = Emulator(tmp_path_factory.mktemp("emulator"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(params=["memory", "moto", pytest.param("emulator", marks=pytest.mark.emulator)])
def platform(request: pytest.FixtureRequest) -> Iterator[Platform]:
    if request.param == "memory":
        yield a_platform()
    elif request.param == "moto":
        with mock_aws():
            yield _aws(Clients())
    else:
        emulator: Emulator = request.getfixturevalue("shared_emulator")
        yield _aws(Clients.at(emulator.url, region=REGION, account=ACCOUNT))


def _aws(clients: Clients) -> AwsPlatform:
    number = next(_numbers)
    bucket, table = f"slipway-artifacts-{number}", f"slipway-tasks-{number}"
    clients.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    clients.dynamodb.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk", "gsi1pk", "gsi1sk")
        ],
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
    machine = clients.stepfunctions.create_state_machine(
        name=f"ticket-{number}", definition=json.dumps(SLEEP), roleArn=ROLE
    )
    settings = Settings(
        environment="dev",
        tasks_table=table,
        errors_table=table,
        artifacts_bucket=bucket,
        state_machine_arn=machine["stateMachineArn"],
    )
    return AwsPlatform(settings=settings, clients=clients, clock=TickingClock())
