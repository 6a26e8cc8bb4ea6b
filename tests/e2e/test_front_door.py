"""What the deployed Jira webhook says to good, bad and uninteresting deliveries."""

from __future__ import annotations

import httpx
import pytest

from local import sample_org
from tests.e2e.laptop import Laptop

pytestmark = pytest.mark.e2e

ISSUE = {
    "timestamp": 1795000000000,
    "webhookEvent": "jira:issue_created",
    "user": {"accountId": "someone", "displayName": "Someone"},
    "issue": {
        "id": "1",
        "key": "NONE-1",
        "fields": {"summary": "nothing to do", "labels": [], "priority": {"name": "Low"}},
    },
}


def test_a_wrong_signature_is_refused_with_a_problem_document(laptop: Laptop) -> None:
    answer = laptop.jira_webhook(ISSUE, secret="guess")
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert {"title", "status", "detail"} <= answer.json().keys()


def test_a_body_that_is_not_json_is_refused_by_its_type(laptop: Laptop) -> None:
    answer = laptop.jira_webhook(ISSUE, headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415


def test_a_body_over_the_limit_is_refused(laptop: Laptop) -> None:
    answer = laptop.jira_webhook({**ISSUE, "padding": "x" * 1_100_000})
    assert answer.status_code == 413


@pytest.mark.parametrize("event", ["jira:version_released", "jira:issue_created"])
def test_what_is_not_for_us_is_acknowledged_and_starts_nothing(laptop: Laptop, event: str) -> None:
    answer = laptop.jira_webhook({**ISSUE, "webhookEvent": event})
    assert answer.status_code == 200
    assert answer.json()["ignored"]
    assert laptop.tasks_of("NONE-1") == []


def test_a_label_that_is_added_later_starts_one_task_and_our_own_edits_start_none(laptop: Laptop) -> None:
    wish = sample_org.load_ticket(sample_org.tickets()["quick-checkout"])
    key = laptop.file(wish.model_copy(update={"labels": ("backlog",)}))
    assert laptop.tasks_of(key) == []

    jira = laptop.identities.jira
    edit = f"{laptop.record.addresses.jira}/rest/api/3/issue/{key}"
    labels = {"fields": {"labels": ["backlog", "AI"]}}
    bot = (jira.email, jira.api_token.get_secret_value())
    httpx.put(edit, json={"fields": {"labels": ["AI"]}}, auth=bot, timeout=30).raise_for_status()
    assert laptop.tasks_of(key) == []

    httpx.put(edit, json={"fields": {"labels": []}}, auth=laptop.reporter, timeout=30).raise_for_status()
    httpx.put(edit, json=labels, auth=laptop.reporter, timeout=30).raise_for_status()
    task_id = laptop.task_of(key)
    assert [task.id for task in laptop.tasks_of(key)] == [task_id]
