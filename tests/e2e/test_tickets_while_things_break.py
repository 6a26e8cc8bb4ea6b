"""Tickets delivered again and again while agents are killed, functions time out and the emulator restarts."""

from __future__ import annotations

import pytest

from scripts.benchmarks.intake import Scenario
from tests.e2e.laptop import PATIENCE_SECONDS, Laptop

pytestmark = pytest.mark.e2e
TICKETS = 20


def test_every_ticket_has_exactly_one_task_and_every_task_ends(laptop: Laptop) -> None:
    scenario = Scenario(tickets=TICKETS, seed=20260504, deadline_seconds=3 * PATIENCE_SECONDS, say=print)
    report = scenario.run()
    assert report.held, report.document()
    assert report.restarts == 1
    assert report.sent > TICKETS
    assert laptop.record.api_url
