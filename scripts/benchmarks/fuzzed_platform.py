"""The platform that fuzzing is let loose on: everything in memory, with something open to act on."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import SecretStr

from scripts.benchmarks.deliveries import (
    SHOP,
    WAITING_PLAN,
    WAITING_PULL,
    WAITING_TASK,
    WATCHED_PULL,
    WATCHED_SHA,
    WATCHED_TASK,
)
from scripts.benchmarks.signing import SECRETS
from slipway.adapters.memory.platform import MemoryPlatform
from slipway.adapters.memory.secrets import MemorySecrets
from slipway.bootstrap import in_memory
from slipway.domain.approval import ApprovalRequest
from slipway.domain.ci_wait import CiWait, WatchedHead
from slipway.domain.connections import (
    GitHubConnection,
    JiraConnection,
    SentryConnection,
    SlackConnection,
)
from slipway.domain.event import EventKind, new_event
from slipway.domain.task import PullRequest, Task, TaskPatch, TaskState

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


def fuzzed_platform() -> MemoryPlatform:
    """Everything in memory, with one plan that waits for a person and one commit that waits for checks."""
    platform = in_memory(clock=lambda: NOW, secrets=connections())
    platform.chat.approvers["U1"] = "Ada"
    platform.forge.writers.add("grace")
    for pull, branch in ((WAITING_PULL, "waiting"), (WATCHED_PULL, "watched")):
        platform.forge.commit(SHOP, "main", {"shop.py": "1\n"}, message="start")
        platform.forge.commit(SHOP, branch, {"PLAN.md": "# PLAN\n"}, message="plan")
        assert platform.forge.open_pull_request(SHOP, branch).number == pull
    _open_task(platform, WAITING_TASK, TaskState.AWAITING_APPROVAL, pull=WAITING_PULL)
    _open_task(platform, WATCHED_TASK, TaskState.AWAITING_CI, pull=WATCHED_PULL)
    platform.approvals.put(
        ApprovalRequest(
            task_id=WAITING_TASK,
            plan_hash=WAITING_PLAN,
            task_token=platform.step_tokens.issue("approval-token"),
            requested_at=NOW,
            expires_at=NOW.replace(year=NOW.year + 1),
            estimate_low_usd=1,
            estimate_high_usd=2,
            estimate_minutes=3,
            risk="low",
        )
    )
    platform.ci_waits.put(
        CiWait(
            task_id=WATCHED_TASK,
            task_token=platform.step_tokens.issue("ci-token"),
            round=0,
            heads=(WatchedHead(repository=SHOP, number=WATCHED_PULL, head_sha=WATCHED_SHA),),
            registered_at=NOW,
        )
    )
    return platform


def _open_task(platform: MemoryPlatform, task_id: str, state: TaskState, *, pull: int) -> None:
    key = task_id.rsplit("-", 1)[0].upper()
    task = Task(
        id=task_id,
        state=TaskState.QUEUED,
        source="jira",
        subject=f"jira:{key}",
        ticket_key=key,
        title=f"Mend {key}",
        created_at=NOW,
        updated_at=NOW,
    )
    event = new_event(task_id, EventKind.TASK_ACCEPTED, "accepted", at=NOW)
    platform.tasks.accept(task, delivery_id=task_id, event=event)
    platform.workflow.start(task_id, input_json="{}")
    view = platform.forge.pull_request(SHOP, pull)
    opened = PullRequest(
        repository=SHOP, number=pull, url=view.url, branch=view.branch, head_sha=view.head_sha
    )
    platform.tasks.move(task_id, state)
    platform.tasks.patch(task_id, TaskPatch(pull_requests=(opened,), plan_hash=WAITING_PLAN))


def connections() -> MemorySecrets:
    """Every source, each with two secrets."""
    secret = {name: tuple(SecretStr(one) for one in both) for name, both in SECRETS.items()}
    return MemorySecrets(
        github_connection=GitHubConnection(
            app_id="1",
            installation_id="7",
            private_key=SecretStr("unused"),
            webhook_secrets=secret["github"],
            bot_login="slipway[bot]",
            organization="acme",
        ),
        jira_connection=JiraConnection(
            base_url="https://jira.test",
            cloud_id="cloud",
            email="bot@acme.test",
            api_token=SecretStr("unused"),
            webhook_secrets=secret["jira"],
            bot_account_id="bot-account",
        ),
        sentry_connection=SentryConnection(webhook_secrets=secret["sentry"], jira_project="SHOP"),
        slack_connection=SlackConnection(
            bot_token=SecretStr("unused"),
            signing_secrets=secret["slack"],
            channel="C1",
            approvers={"U1": "Ada"},
        ),
    )


def footprint(platform: MemoryPlatform) -> tuple[object, ...]:
    """Changes whenever a delivery had an effect: on a task, an approval, a wait, or something said."""
    return (
        len(platform.event_log.history),
        len(platform.tasks.deliveries),
        tuple(task.version for task in platform.event_log.tasks.values()),
        sum(record.version for record in platform.alerts.records.values()),
        len(platform.alerts.deliveries),
        tuple(row.decision is not None for row in platform.approvals.rows.values()),
        tuple(row.outcome is not None for row in platform.ci_waits.rows.values()),
        len(platform.step_tokens.open),
        tuple(platform.workflow.statuses.values()),
        len(platform.runtimes.sessions),
        sum(len(comments) for comments in platform.forge.comments.values()),
        sum(len(comments) for comments in platform.tracker.comments.values()),
        len(platform.chat.messages) + len(platform.chat.whispers) + len(platform.chat.dialogs),
    )
