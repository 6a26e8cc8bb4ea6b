"""An alarm is told once, is reopened when it comes back soon, and is said to be over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from slipway.adapters.memory.alarms import MemoryAlarmChannel, MemoryAlarmLog
from slipway.domain.alarm import AlarmChange, described
from slipway.services.tell_alarm import FLAPPING, lasted, tell_alarm

BEGIN = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


def change(state: str, *, at: datetime = BEGIN, name: str = "slipway-dev-api-errors") -> AlarmChange:
    """As CloudWatch writes it to a topic."""
    return AlarmChange.model_validate(
        {
            "AlarmName": name,
            "AlarmDescription": described("The API answered with a server error.", runbook="api-errors"),
            "AWSAccountId": "111122223333",
            "NewStateValue": state,
            "NewStateReason": "Threshold Crossed: 1 out of the last 1 datapoints [7.0 (20/11/26 16:55:00)] "
            "was greater than or equal to the threshold (1.0) (minimum 1 datapoint for OK -> "
            "ALARM transition).",
            "StateChangeTime": f"{at:%Y-%m-%dT%H:%M:%S}.000+0000",
            "Region": "EU (Ireland)",
            "OldStateValue": "OK",
            "Trigger": {
                "MetricName": "5xx",
                "Threshold": 1.0,
                "ComparisonOperator": "GreaterThanOrEqualToThreshold",
                "Dimensions": [{"name": "ApiId", "value": "a1b2c3"}],
            },
        }
    )


class People:
    def __init__(self) -> None:
        self.log = MemoryAlarmLog()
        self.channel = MemoryAlarmChannel()

    def hear(self, state: str, *, after: timedelta = timedelta()) -> bool:
        return tell_alarm(change(state, at=BEGIN + after), log=self.log, channel=self.channel)


@pytest.fixture
def people() -> People:
    return People()


def test_an_alarm_is_one_message_that_says_since_when(people: People) -> None:
    assert people.hear("ALARM")
    (notice,) = people.channel.messages.values()
    assert (notice.since, notice.times, notice.resolved_at) == (BEGIN, 1, None)


def test_a_message_delivered_twice_is_told_once(people: People) -> None:
    assert [people.hear("ALARM"), people.hear("ALARM")] == [True, False]
    assert len(people.channel.messages) == 1


def test_a_message_that_a_newer_one_overtook_is_not_told(people: People) -> None:
    people.hear("ALARM")
    people.hear("OK", after=timedelta(minutes=5))
    assert not people.hear("ALARM", after=timedelta(minutes=4))
    (notice,) = people.channel.messages.values()
    assert notice.resolved_at


def test_the_end_is_said_in_the_same_message_and_below_it(people: People) -> None:
    people.hear("ALARM")
    assert people.hear("OK", after=timedelta(minutes=12))
    (notice,) = people.channel.messages.values()
    assert notice.resolved_at == BEGIN + timedelta(minutes=12)
    assert notice.since == BEGIN
    assert list(people.channel.replies.values()) == [["Resolved after 12 min."]]


def test_an_alarm_that_comes_back_soon_reopens_its_message(people: People) -> None:
    people.hear("ALARM")
    people.hear("OK", after=timedelta(minutes=5))
    people.hear("ALARM", after=timedelta(minutes=10))
    (notice,) = people.channel.messages.values()
    assert (notice.times, notice.resolved_at) == (2, None)
    assert "It is back, for the 2nd time." in people.channel.replies["1.0"]


def test_an_alarm_that_comes_back_late_is_a_new_message(people: People) -> None:
    people.hear("ALARM")
    people.hear("OK", after=timedelta(minutes=5))
    people.hear("ALARM", after=timedelta(minutes=6) + FLAPPING)
    assert len(people.channel.messages) == 2


@pytest.mark.parametrize("state", ["OK", "INSUFFICIENT_DATA"])
def test_a_new_alarm_that_finds_everything_in_order_is_no_news(people: People, state: str) -> None:
    assert not people.hear(state)
    assert not people.channel.messages


def test_what_cloudwatch_says_is_read_from_its_message() -> None:
    read = change("ALARM")
    assert (read.runbook, read.value, read.limit) == ("api-errors", "7", "at least 1")
    assert read.meaning == "The API answered with a server error."


def test_an_alarm_of_somebody_else_names_no_runbook() -> None:
    foreign = AlarmChange.model_validate(
        {"AlarmName": "cpu", "NewStateValue": "ALARM", "StateChangeTime": "2026-11-20T17:00:00Z"}
    )
    assert (foreign.runbook, foreign.value, foreign.limit) == (None, "", "")


@pytest.mark.parametrize(
    ("seconds", "said"), [(45, "45 s"), (720, "12 min"), (3 * 3600 + 300, "3 h 5 min"), (60, "1 min")]
)
def test_a_duration_is_said_as_people_say_it(seconds: int, said: str) -> None:
    assert lasted(BEGIN, BEGIN + timedelta(seconds=seconds)) == said
