"""A task that waits for approval, and signed deliveries to it from everyone who may write."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from pydantic import BaseModel, JsonValue

from scripts.injection.world import BRANCH, DISCOVERY, PLAN, PLAN_TEXT, SHOP, a_platform
from slipway.adapters.memory.platform import MemoryPlatform
from slipway.domain import artifact_keys
from slipway.domain.intake.delivery import Delivery
from slipway.domain.published_plan import PublishedPlan, PublishedPullRequest
from slipway.domain.run import RunRecord
from slipway.domain.step import Step
from slipway.domain.task import Task, TaskPatch
from slipway.domain.ticket import Ticket
from slipway.services.dispatch_tasks import dispatch_tasks
from slipway.services.preflight import preflight
from slipway.services.receive_jira import receive_jira
from slipway.services.request_approval import request_approval

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """One task that waits."""

    platform: MemoryPlatform
    task_id: str

    @property
    def task(self) -> Task:
        """As it is now."""
        return self.platform.tasks.get(self.task_id)

    @property
    def decided(self) -> bool:
        """Whether anybody's decision was taken."""
        request = self.platform.approvals.get(self.task_id)
        return request is not None and request.decision is not None

    def leave(self, step: str, answer: BaseModel) -> None:
        """The record of a finished run."""
        record = RunRecord(
            task_id=self.task_id,
            step=step,
            attempt=1,
            agent="planning",
            status="succeeded",
            response=json.loads(answer.model_dump_json(by_alias=True)),
            started_at=START,
            ended_at=START,
        )
        key = artifact_keys.run_result(self.task_id, step, 1)
        self.platform.artifacts.put(key, record.model_dump_json(by_alias=True).encode())
        self.platform.tasks.patch(self.task_id, TaskPatch(attempts={**self.task.attempts, step: 1}))


def at_approval(*, summary: str = "Empty cart crashes", description: str = "It should cost nothing.") -> Desk:
    """A ticket that came in, was planned, and whose approvers are asked."""
    platform = a_platform()
    ticket = Ticket(key="SHOP-7", summary=summary, description=description, labels=("AI",))
    platform.tracker.tickets[ticket.key] = ticket
    accepted = receive_jira(jira_delivery(_labelled(ticket)), platform)
    desk = Desk(platform=platform, task_id=str(accepted.body["task_id"]))
    dispatch_tasks(platform)
    preflight(desk.task_id, platform)
    desk.leave(Step.DISCOVER, DISCOVERY)
    desk.leave(Step.PLAN, _published(platform))
    request_approval(desk.task_id, platform.step_tokens.issue("token"), platform)
    return desk


def _published(platform: MemoryPlatform) -> PublishedPlan:
    view = platform.forge.pull_request(SHOP, 1)
    pull = PublishedPullRequest(
        repository=SHOP, branch=BRANCH, number=1, url=view.url, head_sha=view.head_sha, base="main"
    )
    return PublishedPlan(plan=PLAN, plan_markdown=PLAN_TEXT, pull_requests=(pull,))


def _labelled(ticket: Ticket) -> dict[str, JsonValue]:
    return {
        "timestamp": 1,
        "webhookEvent": "jira:issue_updated",
        "user": {"accountId": "someone", "displayName": "Grace"},
        "issue": {
            "key": ticket.key,
            "fields": {
                "summary": ticket.summary,
                "description": ticket.description,
                "labels": [*ticket.labels],
                "priority": {"name": "Medium"},
            },
        },
        "changelog": {"items": [{"field": "labels", "fromString": "", "toString": "AI"}]},
    }


def jira_delivery(payload: Mapping[str, JsonValue], *, key: str = "jira") -> Delivery:
    """Signed as Jira signs."""
    return _signed(payload, header="x-hub-signature", key=key)


def jira_comment(text: str, *, by: str) -> Delivery:
    """A comment on the ticket."""
    return jira_delivery(
        {
            "timestamp": 2,
            "webhookEvent": "comment_created",
            "comment": {"id": "77", "body": text, "author": {"accountId": by, "displayName": by}},
            "issue": {"key": "SHOP-7", "fields": {"summary": "x", "labels": ["AI"]}},
        }
    )


def github_comment(text: str, *, by: str, key: str = "github") -> Delivery:
    """A comment on the pull request."""
    payload: dict[str, JsonValue] = {
        "action": "created",
        "issue": {
            "number": 1,
            "pull_request": {"url": "https://forge.invalid/1"},
            "user": {"login": "grace"},
        },
        "comment": {"id": 5, "body": text, "user": {"login": by, "type": "User"}},
        "repository": {"full_name": SHOP},
        "sender": {"login": by, "type": "User"},
    }
    headers = {"x-github-event": "issue_comment", "x-github-delivery": "g1"}
    return _signed(payload, header="x-hub-signature-256", key=key, headers=headers)


def slack_form(form: Mapping[str, str], *, now: float, key: str = "slack") -> Delivery:
    """Signed as Slack signs."""
    body = urlencode(form).encode()
    stamp = str(int(now))
    digest = hmac.new(key.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return Delivery(
        headers={
            "content-type": "application/x-www-form-urlencoded",
            "x-slack-signature": f"v0={digest}",
            "x-slack-request-timestamp": stamp,
        },
        body=body,
    )


def _signed(
    payload: Mapping[str, JsonValue], *, header: str, key: str, headers: Mapping[str, str] | None = None
) -> Delivery:
    body = json.dumps(dict(payload)).encode()
    digest = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    return Delivery(
        headers={"content-type": "application/json", header: f"sha256={digest}", **(headers or {})}, body=body
    )
