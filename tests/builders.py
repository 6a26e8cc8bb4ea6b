"""Ready-made things for tests; each shows only what a test changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pydantic import SecretStr

from slipway.adapters.memory.platform import MemoryPlatform
from slipway.adapters.memory.secrets import MemorySecrets
from slipway.bootstrap import in_memory
from slipway.domain.connections import GitHubConnection, JiraConnection, SlackConnection
from slipway.domain.discovery import Complexity, DiscoveryResult, RelevantFile, RelevantRepository
from slipway.domain.event import EventKind, TaskEvent, new_event
from slipway.domain.limits import Limits
from slipway.domain.plan import Architecture, Component, Plan, PlanTask, Scope, TestCase, TestStrategy
from slipway.domain.task import Task, TaskState
from slipway.domain.ticket import Priority, Ticket

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
REPOSITORY = "acme/pricing"


class TickingClock:
    """Every look is a second later; `pass_time` jumps."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def pass_time(self, **delta: float) -> None:
        self.now += timedelta(**delta)


def a_ticket(key: str = "ENG-1", *, labels: tuple[str, ...] = ("AI",), description: str = "") -> Ticket:
    return Ticket(
        key=key,
        url=f"https://jira.test/browse/{key}",
        summary=f"Fix {key}",
        description=description,
        labels=labels,
    )


def a_task(
    task_id: str = "eng-1-00000001",
    *,
    state: TaskState = TaskState.QUEUED,
    subject: str | None = None,
    priority: Priority = Priority.MEDIUM,
    created_at: datetime = START,
    repositories: tuple[str, ...] = (),
) -> Task:
    key = task_id.rsplit("-", 1)[0].upper()
    return Task(
        id=task_id,
        state=state,
        source="jira",
        subject=subject or f"jira:{key}",
        ticket_key=key,
        title=f"Fix {key}",
        priority=priority,
        repositories=repositories,
        created_at=created_at,
        updated_at=created_at,
    )


def accepted_event(task: Task) -> TaskEvent:
    return new_event(task.id, EventKind.TASK_ACCEPTED, "accepted", at=task.created_at)


def connections() -> MemorySecrets:
    return MemorySecrets(
        github_connection=GitHubConnection(
            app_id="1",
            installation_id="2",
            private_key=SecretStr("unused"),
            webhook_secrets=(SecretStr("github-new"), SecretStr("github-old")),
            bot_login="slipway[bot]",
            organization="acme",
        ),
        jira_connection=JiraConnection(
            base_url="https://jira.test",
            cloud_id="cloud",
            email="bot@acme.test",
            api_token=SecretStr("unused"),
            webhook_secrets=(SecretStr("jira-new"), SecretStr("jira-old")),
            bot_account_id="bot-account",
        ),
        slack_connection=SlackConnection(
            bot_token=SecretStr("unused"),
            signing_secrets=(SecretStr("slack-new"), SecretStr("slack-old")),
            channel="C1",
            approvers={"U1": "Ada"},
        ),
    )


def a_platform(*, clock: TickingClock | None = None, limits: Limits | None = None) -> MemoryPlatform:
    platform = in_memory(clock=clock or TickingClock(), limits=limits, secrets=connections())
    platform.chat.approvers["U1"] = "Ada"
    platform.forge.writers.add("grace")
    return platform


def a_discovery(*repositories: str, complexity: Complexity = "Low") -> DiscoveryResult:
    return DiscoveryResult(
        relevant_repos=tuple(
            RelevantRepository(
                name=name,
                relevance=1.0,
                reason="named in the ticket",
                files=(RelevantFile(path="src/price.py", type="source", relevance=1.0),),
            )
            for name in repositories or (REPOSITORY,)
        ),
        estimated_complexity=complexity,
        recommended_approach="guard the division",
    )


def a_plan(*repositories: str, files: tuple[str, ...] = ("src/price.py", "tests/test_price.py")) -> Plan:
    names = repositories or (REPOSITORY,)
    return Plan(
        ticket_key="ENG-1",
        title="Guard the division",
        summary="An empty basket has the price 0.",
        scope=Scope(in_scope=("price of an empty basket",)),
        architecture=Architecture(
            components=tuple(
                Component(repository=name, path="src/price.py", responsibility="prices") for name in names
            ),
            data_flow="basket to price",
        ),
        test_strategy=TestStrategy(
            unit_tests=tuple(
                TestCase(repository=name, path="tests/test_price.py", description="empty basket")
                for name in names
            )
        ),
        tasks=tuple(
            PlanTask(id=number, repository=name, description="Guard it", files=files, estimated_hours=1)
            for number, name in enumerate(names, start=1)
        ),
        rollback="Revert.",
    )
