"""An alarm of the deployed environment reaches people in Slack; changes of tasks reach the bus."""

from __future__ import annotations

from typing import Any

import boto3
import httpx
import pytest

from local.supervisor.loopback import ACCOUNT, REGION
from slipway.domain import names
from slipway.domain.task import TaskState
from slipway.services.stop_task import stop_task
from tests.e2e.laptop import Laptop, eventually

pytestmark = pytest.mark.e2e


def client(laptop: Laptop, service: str) -> Any:
    return boto3.client(
        service,  # type: ignore[call-overload]  # any service of the tests
        endpoint_url=laptop.record.addresses.emulator,
        region_name=REGION,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="laptop",
    )


def test_an_alarm_is_a_message_in_slack_until_it_is_resolved(laptop: Laptop) -> None:
    cloudwatch = client(laptop, "cloudwatch")
    alarm = "slipway-dev-api-errors"
    reason = "Threshold Crossed: 1 datapoint [7.0 (20/11/26 17:00:00)] was not less than the threshold (1.0)."
    cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason=reason)
    raised = eventually(lambda: said(laptop, f"Alarm: {alarm}") or said(laptop, f"Resolved: {alarm}"))
    assert "docs/runbooks/api-errors.md" in str(raised["blocks"])
    # Nothing fails in truth, so the next evaluation finds the API in order.
    resolved = eventually(lambda: said(laptop, f"Resolved: {alarm}"))
    assert resolved["ts"] == raised["ts"]


def test_every_change_of_a_task_is_kept_by_the_archive_of_the_bus(laptop: Laptop) -> None:
    events = client(laptop, "events")
    before = kept(events)
    task_id = laptop.file_sample("default")
    laptop.wait_for(task_id, TaskState.DISCOVERING, TaskState.PLANNING, TaskState.AWAITING_APPROVAL)
    stop_task(task_id, actor="olive", reason="seen enough", platform=laptop.platform)
    laptop.wait_for(task_id, TaskState.STOPPED)
    # queued, starting, discovering and stopped at least
    assert eventually(lambda: kept(events) >= before + 4)


def kept(events: Any) -> int:
    return int(events.describe_archive(ArchiveName=names.event_bus("dev"))["EventCount"])


def said(laptop: Laptop, text: str) -> dict[str, Any] | None:
    """The message of the team's channel that reads `text`."""
    slack = laptop.identities.slack
    answer = httpx.get(
        f"{laptop.record.addresses.slack}/api/conversations.history",
        params={"channel": slack.channel, "limit": 200},
        headers={"Authorization": f"Bearer {slack.bot_token.get_secret_value()}"},
        timeout=30,
    ).json()
    assert answer["ok"], answer
    return next((message for message in answer["messages"] if message["text"] == text), None)
