from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
import uuid
from typing import Any

import pytest

from tests.emulator.emulator_process import REGION, Emulator, eventually
from tests.emulator.functions import ROLE, archive, ensure_function

pytestmark = pytest.mark.emulator

RECORDER = """
import json, os
import boto3

def handler(event, context):
    table = boto3.client("dynamodb")
    item = {"id": context.aws_request_id, "event": json.dumps(event), "function": context.function_name}
    table.put_item(TableName="seen", Item={name: {"S": value} for name, value in item.items()})
    if os.environ.get("FAILS"):
        raise ValueError("always")
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(event)}
"""


@pytest.fixture(scope="module")
def seen(emulator: Emulator) -> None:
    emulator.client("dynamodb").create_table(
        TableName="seen",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def events_seen(emulator: Emulator, function: str) -> list[Any]:
    items = emulator.client("dynamodb").scan(TableName="seen")["Items"]
    return [json.loads(item["event"]["S"]) for item in items if item["function"]["S"] == function]


@pytest.fixture(scope="module")
def api(emulator: Emulator, seen: None) -> str:
    """A deployed HTTP API in front of a function that answers with its event."""
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="lambda-assets", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="lambda-assets", Key="echo.zip", Body=archive(index_py=RECORDER))
    uri = {"Fn::GetAtt": ["Echo", "Arn"]}
    api_id = {"Ref": "Api"}
    outputs = emulator.deploy(
        "api",
        {
            "Resources": {
                "Echo": {
                    "Type": "AWS::Lambda::Function",
                    "Properties": {
                        "FunctionName": "echo",
                        "Handler": "index.handler",
                        "Runtime": "python3.13",
                        "Role": ROLE,
                        "Timeout": 10,
                        "Code": {"S3Bucket": "lambda-assets", "S3Key": "echo.zip"},
                    },
                },
                "Api": {
                    "Type": "AWS::ApiGatewayV2::Api",
                    "Properties": {"Name": "webhooks", "ProtocolType": "HTTP"},
                },
                "Integration": {
                    "Type": "AWS::ApiGatewayV2::Integration",
                    "Properties": {
                        "ApiId": api_id,
                        "IntegrationType": "AWS_PROXY",
                        "IntegrationUri": uri,
                        "PayloadFormatVersion": "2.0",
                    },
                },
                "Route": {
                    "Type": "AWS::ApiGatewayV2::Route",
                    "Properties": {
                        "ApiId": api_id,
                        "RouteKey": "POST /webhooks/{source}",
                        "Target": {"Fn::Join": ["/", ["integrations", {"Ref": "Integration"}]]},
                    },
                },
                "Stage": {
                    "Type": "AWS::ApiGatewayV2::Stage",
                    "Properties": {"ApiId": api_id, "StageName": "$default", "AutoDeploy": True},
                },
            },
            "Outputs": {"Id": {"Value": api_id}},
        },
    )
    return f"{emulator.url}/_aws/execute-api/{outputs['Id']}/$default"


def post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=15) as reply:
            return reply.status, json.loads(reply.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read() or b"{}")


def test_the_raw_body_and_the_headers_of_a_webhook_survive(api: str) -> None:
    body = '{"name":  "zażółć",\r\n "emoji": "🚀", "escaped": "\\u00e9"}'.encode()
    headers = {"Content-Type": "application/json", "X-Hub-Signature": "sha256=AbC"}
    status, event = post(f"{api}/webhooks/jira?b=2&a=1&a=3", body, headers)
    assert status == 200
    assert event["body"].encode() == body
    assert event["isBase64Encoded"] is False
    assert event["headers"]["x-hub-signature"] == "sha256=AbC"
    assert event["rawQueryString"] == "b=2&a=1&a=3"
    assert event["queryStringParameters"] == {"a": "1,3", "b": "2"}
    assert event["pathParameters"] == {"source": "jira"}
    assert event["rawPath"] == "/webhooks/jira"


@pytest.mark.parametrize(
    ("content_type", "is_encoded"),
    [
        ("application/x-www-form-urlencoded", True),
        ("application/octet-stream", True),
        ("application/json; charset=utf-8", False),
        ("text/plain", False),
    ],
)
def test_a_body_is_base64_encoded_as_its_type_demands(api: str, content_type: str, is_encoded: bool) -> None:
    body = b"payload=%7B%7D&x=a+b"
    _, event = post(f"{api}/webhooks/slack", body, {"Content-Type": content_type})
    received = base64.b64decode(event["body"]) if event["isBase64Encoded"] else event["body"].encode()
    assert received == body
    assert event["isBase64Encoded"] is is_encoded


def test_bytes_that_are_no_text_survive_in_a_binary_body(api: str) -> None:
    body = bytes(range(256))
    _, event = post(f"{api}/webhooks/github", body, {"Content-Type": "application/octet-stream"})
    assert base64.b64decode(event["body"]) == body


def test_a_route_that_is_not_there_is_not_found(api: str) -> None:
    assert post(f"{api}/nowhere", b"{}", {})[0] == 404


def test_a_function_that_fails_says_nothing_to_the_caller(emulator: Emulator, api: str) -> None:
    emulator.client("lambda").update_function_configuration(
        FunctionName="echo", Environment={"Variables": {"FAILS": "1"}}
    )
    try:
        assert post(f"{api}/webhooks/jira", b"{}", {}) == (500, {"message": "Internal Server Error"})
    finally:
        emulator.client("lambda").update_function_configuration(
            FunctionName="echo", Environment={"Variables": {}}
        )


def test_a_body_beyond_the_functions_limit_is_refused(api: str) -> None:
    status, _ = post(f"{api}/webhooks/jira", b"x" * (6 * 1024 * 1024), {"Content-Type": "text/plain"})
    assert status == 413


def transaction_table(emulator: Emulator) -> str:
    name = f"t-{uuid.uuid4()}"
    emulator.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


def put_if_new(table: str, key: str, **more: Any) -> dict[str, Any]:
    return {
        "Put": {
            "TableName": table,
            "Item": {"id": {"S": key}},
            "ConditionExpression": "attribute_not_exists(id)",
            **more,
        }
    }


def test_a_transaction_is_written_whole_or_not_at_all(emulator: Emulator) -> None:
    client, table = emulator.client("dynamodb"), transaction_table(emulator)
    client.transact_write_items(TransactItems=[put_if_new(table, "event-1"), put_if_new(table, "task-1")])
    with pytest.raises(client.exceptions.TransactionCanceledException) as failure:
        client.transact_write_items(
            TransactItems=[
                put_if_new(table, "event-2"),
                put_if_new(table, "task-1", ReturnValuesOnConditionCheckFailure="ALL_OLD"),
            ]
        )
    reasons = failure.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "ConditionalCheckFailed"]
    assert reasons[1]["Item"] == {"id": {"S": "task-1"}}
    assert "Item" not in client.get_item(TableName=table, Key={"id": {"S": "event-2"}})


def test_a_transaction_checks_and_updates_with_conditions(emulator: Emulator) -> None:
    client, table = emulator.client("dynamodb"), transaction_table(emulator)
    client.put_item(TableName=table, Item={"id": {"S": "counter"}, "n": {"N": "1"}})
    update = {
        "Update": {
            "TableName": table,
            "Key": {"id": {"S": "counter"}},
            "UpdateExpression": "SET n = n + :one",
            "ConditionExpression": "n < :limit",
            "ExpressionAttributeValues": {":one": {"N": "1"}, ":limit": {"N": "2"}},
        }
    }
    check = {
        "ConditionCheck": {
            "TableName": table,
            "Key": {"id": {"S": "counter"}},
            "ConditionExpression": "attribute_exists(id)",
        }
    }
    client.transact_write_items(TransactItems=[update])
    with pytest.raises(client.exceptions.TransactionCanceledException):
        client.transact_write_items(TransactItems=[update])
    with pytest.raises(client.exceptions.ClientError, match="one item"):
        client.transact_write_items(TransactItems=[update, check])
    assert client.get_item(TableName=table, Key={"id": {"S": "counter"}})["Item"]["n"] == {"N": "2"}


def test_a_transaction_token_makes_a_repeated_call_harmless(emulator: Emulator) -> None:
    client, table = emulator.client("dynamodb"), transaction_table(emulator)
    for _ in range(2):
        client.transact_write_items(
            TransactItems=[put_if_new(table, "once")], ClientRequestToken="same-token"
        )


def test_concurrent_conditional_writes_have_one_winner(emulator: Emulator) -> None:
    from concurrent.futures import ThreadPoolExecutor

    client, table = emulator.client("dynamodb"), transaction_table(emulator)

    def write(_: int) -> bool:
        try:
            client.transact_write_items(TransactItems=[put_if_new(table, "task"), put_if_new(table, "event")])
        except client.exceptions.TransactionCanceledException:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(write, range(30))) == 1


def test_a_tables_stream_reaches_a_function(emulator: Emulator, seen: None) -> None:
    ensure_function(emulator, "on-stream", source=RECORDER)
    client = emulator.client("dynamodb")
    stream = client.create_table(
        TableName="streamed",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )["TableDescription"]["LatestStreamArn"]
    emulator.client("lambda").create_event_source_mapping(
        EventSourceArn=stream,
        FunctionName="on-stream",
        StartingPosition="TRIM_HORIZON",
        FilterCriteria={"Filters": [{"Pattern": json.dumps({"eventName": ["INSERT"]})}]},
    )
    client.put_item(TableName="streamed", Item={"id": {"S": "a"}})
    client.delete_item(TableName="streamed", Key={"id": {"S": "a"}})
    client.put_item(TableName="streamed", Item={"id": {"S": "b"}})

    def keys() -> list[str]:
        records = [record for event in events_seen(emulator, "on-stream") for record in event["Records"]]
        return sorted(record["dynamodb"]["Keys"]["id"]["S"] for record in records)

    eventually(lambda: keys() == ["a", "b"], within_seconds=15, what="both inserts seen")


def test_a_failing_stream_batch_is_retried_and_then_sent_to_its_queue(emulator: Emulator, seen: None) -> None:
    ensure_function(emulator, "bad-stream", source=RECORDER, Environment={"Variables": {"FAILS": "1"}})
    client, sqs = emulator.client("dynamodb"), emulator.client("sqs")
    queue = sqs.create_queue(QueueName="dead-letters")["QueueUrl"]
    queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    stream = client.create_table(
        TableName="poisoned",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]["LatestStreamArn"]
    emulator.client("lambda").create_event_source_mapping(
        EventSourceArn=stream,
        FunctionName="bad-stream",
        StartingPosition="TRIM_HORIZON",
        MaximumRetryAttempts=1,
        DestinationConfig={"OnFailure": {"Destination": queue_arn}},
    )
    client.put_item(TableName="poisoned", Item={"id": {"S": "a"}})
    eventually(
        lambda: sqs.receive_message(QueueUrl=queue).get("Messages"),
        within_seconds=20,
        what="the batch is in the dead-letter queue",
    )
    assert len(events_seen(emulator, "bad-stream")) == 2


def test_an_asynchronous_invocation_is_retried_twice(emulator: Emulator, seen: None) -> None:
    ensure_function(emulator, "async-bad", source=RECORDER, Environment={"Variables": {"FAILS": "1"}})
    emulator.client("lambda").invoke(FunctionName="async-bad", InvocationType="Event", Payload=b'{"n": 1}')
    eventually(lambda: len(events_seen(emulator, "async-bad")) == 3, within_seconds=20, what="three attempts")


def test_a_scheduled_rule_can_be_deployed_for_every_minute(emulator: Emulator, seen: None) -> None:
    arn = ensure_function(emulator, "on-schedule", source=RECORDER)
    rule = {
        "Type": "AWS::Events::Rule",
        "Properties": {
            "ScheduleExpression": "rate(1 minute)",
            "State": "ENABLED",
            "Targets": [{"Arn": arn, "Id": "reconcile"}],
        },
    }
    emulator.deploy("schedule", {"Resources": {"EveryMinute": rule}})
    rules = emulator.client("events").list_rules()["Rules"]
    assert [found["ScheduleExpression"] for found in rules if found["Name"].startswith("schedule-")] == [
        "rate(1 minute)"
    ]


def test_a_parameter_and_a_secret_are_read_back(emulator: Emulator) -> None:
    ssm, secrets = emulator.client("ssm"), emulator.client("secretsmanager")
    ssm.put_parameter(Name="/slipway/dev/model", Value="fast", Type="String")
    assert ssm.get_parameter(Name="/slipway/dev/model")["Parameter"]["Value"] == "fast"
    arn = secrets.create_secret(Name="app/key", SecretString='{"a": 1}')["ARN"]
    assert secrets.get_secret_value(SecretId=arn)["SecretString"] == '{"a": 1}'
