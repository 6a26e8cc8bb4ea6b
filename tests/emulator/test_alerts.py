"""What waits in a queue or fails at an API raises an alarm, and an alarm reaches a function."""

from __future__ import annotations

import json

import pytest

from tests.emulator.emulator_process import ACCOUNT, REGION, Emulator, eventually
from tests.emulator.functions import ensure_function

pytestmark = pytest.mark.emulator

RECORDER = """
import boto3

def handler(event, context):
    for record in event["Records"]:
        boto3.client("sqs").send_message(
            QueueUrl=boto3.client("sqs").get_queue_url(QueueName="heard")["QueueUrl"],
            MessageBody=record["Sns"]["Message"],
        )
"""


def test_an_archive_keeps_the_events_of_its_bus_as_long_as_its_template_says(emulator: Emulator) -> None:
    bus_arn = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/work"
    archive = {
        "ArchiveName": "work",
        "SourceArn": bus_arn,
        "RetentionDays": 7,
        "EventPattern": {"source": ["slipway"]},
    }
    resources: dict[str, object] = {
        "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "work"}},
        "Archive": {"Type": "AWS::Events::Archive", "Properties": archive, "DependsOn": "Bus"},
    }
    emulator.deploy("archives", {"Resources": resources})
    client = emulator.client("events")
    for source in ("slipway", "elsewhere"):
        client.put_events(
            Entries=[{"EventBusName": "work", "Source": source, "DetailType": "Moved", "Detail": "{}"}]
        )
    kept = client.describe_archive(ArchiveName="work")
    assert (kept["RetentionDays"], kept["EventCount"], kept["EventSourceArn"]) == (7, 1, bus_arn)
    resources["Archive"] = {
        "Type": "AWS::Events::Archive",
        "Properties": {**archive, "RetentionDays": 90},
        "DependsOn": "Bus",
    }
    emulator.deploy("archives", {"Resources": resources})
    assert client.describe_archive(ArchiveName="work")["RetentionDays"] == 90
    del resources["Archive"]
    emulator.deploy("archives", {"Resources": resources})
    assert not client.list_archives()["Archives"]


def test_a_message_that_waits_raises_an_alarm_that_a_function_hears(emulator: Emulator) -> None:
    sqs, sns, cloudwatch = (emulator.client(name) for name in ("sqs", "sns", "cloudwatch"))
    heard = sqs.create_queue(QueueName="heard")["QueueUrl"]
    waiting = sqs.create_queue(QueueName="waiting")["QueueUrl"]
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    function = ensure_function(emulator, "hears-alerts", source=RECORDER)
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function)
    cloudwatch.put_metric_alarm(
        AlarmName="something-waits",
        Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible",
        Dimensions=[{"Name": "QueueName", "Value": "waiting"}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
        AlarmActions=[topic],
    )
    sqs.send_message(QueueUrl=waiting, MessageBody="nobody wants me")
    messages: list[str] = []

    def told() -> bool:
        found = sqs.receive_message(QueueUrl=heard, MaxNumberOfMessages=10).get("Messages", [])
        messages.extend(message["Body"] for message in found)
        return any(json.loads(body)["NewStateValue"] == "ALARM" for body in messages)

    eventually(told, within_seconds=20, what="the function heard of the alarm")
    assert {json.loads(body)["AlarmName"] for body in messages} == {"something-waits"}
