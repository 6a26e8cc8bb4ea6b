"""Dead letters of calls and of streams reach their function again on the emulator."""

from __future__ import annotations

import json

import pytest

from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.dead_letters import SqsDeadLetters
from slipway.adapters.aws.operator_clients import OperatorClients
from slipway.domain import names
from slipway.domain.errors import NotFound
from slipway.services.redrive import peek, redrive
from tests.emulator.emulator_process import ACCOUNT, REGION, Emulator, eventually
from tests.emulator.functions import ensure_function

pytestmark = pytest.mark.emulator

RECORDER = """
import boto3, json

def handler(event, context):
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="given-back")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps(event))
"""
FOLDER = "sort_letters"


@pytest.fixture
def queues(emulator: Emulator) -> SqsDeadLetters:
    clients = Clients.at(emulator.url, region=REGION, account=ACCOUNT)
    return SqsDeadLetters(operator=OperatorClients(clients), environment="dev")


@pytest.fixture
def letters(emulator: Emulator) -> str:
    """URL of the queue."""
    ensure_function(emulator, names.function("dev", FOLDER), source=RECORDER)
    sqs = emulator.client("sqs")
    sqs.create_queue(QueueName="given-back")
    url: str = sqs.create_queue(QueueName=names.dead_letters("dev", FOLDER))["QueueUrl"]
    return url


def given_back(emulator: Emulator) -> list[object]:
    sqs = emulator.client("sqs")
    url = sqs.get_queue_url(QueueName="given-back")["QueueUrl"]
    found: list[object] = []

    def look() -> bool:
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            found.append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return bool(found)

    eventually(look, within_seconds=20, what="the function was called")
    return found


def test_a_call_is_seen_and_made_again(emulator: Emulator, queues: SqsDeadLetters, letters: str) -> None:
    emulator.client("sqs").send_message(
        QueueUrl=letters,
        MessageBody='{"round": 7}',
        MessageAttributes={"ErrorMessage": {"DataType": "String", "StringValue": "boom"}},
    )
    assert queues.waiting(FOLDER) == 1
    (seen,) = peek(FOLDER, queues, limit=10)
    assert (seen.body, seen.error) == ('{"round": 7}', "boom")
    assert redrive(FOLDER, queues, limit=10).taken == 1
    assert given_back(emulator) == [{"round": 7}]
    assert queues.waiting(FOLDER) == 0


def test_records_of_a_stream_are_read_again(emulator: Emulator, queues: SqsDeadLetters, letters: str) -> None:
    dynamodb = emulator.client("dynamodb")
    stream = dynamodb.create_table(
        TableName="followed-letters",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )["TableDescription"]["LatestStreamArn"]
    for name in ("a", "b", "c"):
        dynamodb.put_item(TableName="followed-letters", Item={"id": {"S": name}})
    streams = emulator.client("dynamodbstreams")
    (shard,) = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"]
    start = streams.get_shard_iterator(
        StreamArn=stream, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    records = streams.get_records(ShardIterator=start)["Records"]
    first, last = (records[index]["dynamodb"]["SequenceNumber"] for index in (0, 1))
    batch = {
        "shardId": shard["ShardId"],
        "startSequenceNumber": first,
        "endSequenceNumber": last,
        "streamArn": stream,
    }
    emulator.client("sqs").send_message(
        QueueUrl=letters, MessageBody=json.dumps({"DDBStreamBatchInfo": batch})
    )
    assert redrive(FOLDER, queues, limit=10).taken == 1
    (event,) = given_back(emulator)
    assert isinstance(event, dict)
    assert [record["dynamodb"]["Keys"]["id"]["S"] for record in event["Records"]] == ["a", "b"]


def test_a_queue_that_is_not_deployed_is_not_found(queues: SqsDeadLetters) -> None:
    with pytest.raises(NotFound, match="slipway-dev-nothing-dead-letters"):
        queues.waiting("nothing")
