"""An application fails, Sentry tells, and there is one ticket with one task, however often it fails."""

from __future__ import annotations

import httpx
import pytest

from slipway.domain.task import TaskState
from slipway.services.stop_task import stop_task
from tests.e2e.laptop import Laptop, eventually

pytestmark = pytest.mark.e2e

TRACEBACK = """\
Traceback (most recent call last):
  File "/opt/loglens/src/loglens/summary.py", line 27, in summarize
    error_rate=error_rate(records),
  File "/opt/loglens/src/loglens/summary.py", line 37, in error_rate
    return 100 * failures / len(records)
ZeroDivisionError: division by zero
"""


def fails(laptop: Laptop) -> str:
    """The application fails once more; returns the Sentry issue's id."""
    answer = httpx.post(
        f"{laptop.record.addresses.sentry}/_admin/alerts",
        json={"project": "loglens", "traceback": TRACEBACK},
        timeout=30,
    )
    return str(answer.raise_for_status().json()["id"])


def test_an_alert_becomes_one_ticket_and_one_task_that_finds_the_repository(laptop: Laptop) -> None:
    subject = f"sentry:{fails(laptop)}"
    record = eventually(lambda: (r := laptop.platform.alerts.get(subject)) and (r if r.task_id else None))
    assert record.task_id is not None
    fails(laptop)
    task = laptop.wait_for(record.task_id, TaskState.AWAITING_APPROVAL)
    assert task.repositories == ("acme/loglens",)
    assert task.ticket_key == record.ticket_key
    again = eventually(lambda: (r := laptop.platform.alerts.get(subject)) and (r if r.count >= 3 else None))
    assert again.task_id == record.task_id
    stop_task(record.task_id, actor="test", reason="enough was seen", platform=laptop.platform)
