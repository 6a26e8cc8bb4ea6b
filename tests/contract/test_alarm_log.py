"""What is remembered of an alarm, in memory and in DynamoDB as moto plays it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from moto import mock_aws

from slipway.adapters.aws.alarm_log import DynamoAlarmLog
from slipway.adapters.aws.clients import Clients
from slipway.adapters.memory.alarms import MemoryAlarmLog
from slipway.domain.alarm import AlarmRecord
from slipway.ports.alarms import AlarmLog

BEGIN = datetime(2026, 11, 20, 17, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture(params=["memory", "moto"])
def log(request: pytest.FixtureRequest) -> Iterator[AlarmLog]:
    if request.param == "memory":
        yield MemoryAlarmLog()
        return
    with mock_aws():
        clients = Clients()
        clients.dynamodb.create_table(
            TableName="errors",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
            KeySchema=[
                {"AttributeName": "pk", "KeyType": "HASH"},
                {"AttributeName": "sk", "KeyType": "RANGE"},
            ],
        )
        yield DynamoAlarmLog(clients=clients, table="errors")
        clients.close()


def record(*, after: timedelta = timedelta(), is_open: bool = True) -> AlarmRecord:
    return AlarmRecord(
        name="api-errors", is_open=is_open, since=BEGIN, changed_at=BEGIN + after, channel="C1", ts="1.5"
    )


def test_an_alarm_that_nobody_was_told_of_is_unknown(log: AlarmLog) -> None:
    assert log.get("api-errors") is None


def test_what_people_were_told_is_remembered(log: AlarmLog) -> None:
    assert log.put(record())
    assert log.get("api-errors") == record()


def test_what_is_newer_replaces_what_is_known(log: AlarmLog) -> None:
    later = record(after=timedelta(minutes=1), is_open=False)
    assert [log.put(record()), log.put(later)] == [True, True]
    assert log.get("api-errors") == later


@pytest.mark.parametrize("after", [timedelta(), -timedelta(minutes=1)])
def test_what_is_not_newer_replaces_nothing(log: AlarmLog, after: timedelta) -> None:
    log.put(record())
    assert not log.put(record(after=after, is_open=False))
    assert log.get("api-errors") == record()
