"""What people see of an alarm, in a Slack that speaks the Web API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_sdk import WebClient

from slipway.adapters.slack.alarms import SlackAlarms
from slipway.domain.alarm import AlarmChange, described
from slipway.ports.alarms import AlarmNotice
from slipway.ports.chat import MessageRef
from tests.contract.outside import running_slack

BEGIN = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
NOTICE = AlarmNotice(
    change=AlarmChange.model_validate(
        {
            "AlarmName": "slipway-dev-api-errors",
            "AlarmDescription": described("The API <!channel> answered with an error.", runbook="api-errors"),
            "NewStateValue": "ALARM",
            "NewStateReason": "Threshold Crossed: 1 datapoint [7.0 (20/11/26 16:55:00)] was not fine.",
            "StateChangeTime": BEGIN.isoformat(),
            "Trigger": {"Threshold": 1.0, "ComparisonOperator": "GreaterThanOrEqualToThreshold"},
        }
    ),
    since=BEGIN,
    times=1,
)


@pytest.fixture
def alarms(tmp_path: Path) -> Iterator[SlackAlarms]:
    with running_slack(tmp_path) as (secrets, _):
        yield SlackAlarms(
            secrets=secrets, runbooks="https://docs.example/runbooks/", dashboard="https://dash"
        )


def thread(alarms: SlackAlarms, message: MessageRef) -> list[dict[str, object]]:
    connection = alarms.secrets.slack()
    client = WebClient(connection.bot_token.get_secret_value(), base_url=connection.api_url)
    found: list[dict[str, object]] = client.conversations_replies(channel=message.channel, ts=message.ts)[
        "messages"
    ]
    return found


def test_an_alarm_says_what_since_when_how_much_and_where_to_look(alarms: SlackAlarms) -> None:
    (shown,) = thread(alarms, alarms.post(NOTICE))
    assert shown["text"] == "Alarm: slipway-dev-api-errors"
    blocks = str(shown["blocks"])
    for part in (
        f"<!date^{int(BEGIN.timestamp())}^",
        "7, which is at least 1",
        "<https://docs.example/runbooks/api-errors.md|Runbook>",
        "<https://dash|Dashboard>",
    ):
        assert part in blocks


def test_nothing_that_is_quoted_is_markup(alarms: SlackAlarms) -> None:
    (shown,) = thread(alarms, alarms.post(NOTICE))
    blocks = shown["blocks"]
    assert isinstance(blocks, list)
    quoted = [block["text"]["type"] for block in blocks if "<!channel>" in str(block)]
    assert quoted == ["plain_text"]


def test_the_end_replaces_the_message_and_is_said_below_it(alarms: SlackAlarms) -> None:
    message = alarms.post(NOTICE)
    alarms.replace(message, replace(NOTICE, resolved_at=BEGIN + timedelta(minutes=5)))
    alarms.reply(message, "Resolved after 5 min.")
    assert [each["text"] for each in thread(alarms, message)] == [
        "Resolved: slipway-dev-api-errors",
        "Resolved after 5 min.",
    ]
