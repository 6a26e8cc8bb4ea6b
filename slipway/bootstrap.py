"""Wires ports to adapters: the only place that knows both the settings and the technology."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.edge_secret import EdgeSecret
from slipway.adapters.aws.event_log import DynamoEventLog
from slipway.adapters.aws.metrics import EmfMetrics
from slipway.adapters.aws.secrets import SecretsManagerSecrets
from slipway.adapters.aws.tasks import DynamoTasks
from slipway.domain import names
from slipway.domain.limits import Limits
from slipway.ports.clock import Clock, utc_now
from slipway.settings import Settings

if TYPE_CHECKING:
    from slipway.adapters.memory.platform import MemoryPlatform
    from slipway.adapters.memory.secrets import MemorySecrets
    from slipway.ports.alarms import AlarmChannel, AlarmLog
    from slipway.ports.alerts import Alerts
    from slipway.ports.approvals import Approvals
    from slipway.ports.artifacts import Artifacts
    from slipway.ports.chat import Chat
    from slipway.ports.ci_waits import CiWaits
    from slipway.ports.event_bus import EventBus
    from slipway.ports.event_log import EventLog
    from slipway.ports.forge import Forge
    from slipway.ports.knowledge import Embeddings, Knowledge
    from slipway.ports.metrics import Metrics
    from slipway.ports.runtimes import Runtimes
    from slipway.ports.secrets import Secrets
    from slipway.ports.step_tokens import StepTokens
    from slipway.ports.tasks import Tasks
    from slipway.ports.tracker import Tracker
    from slipway.ports.workflow import Workflow


@dataclass(frozen=True, kw_only=True)
class AwsPlatform:
    """Every port as deployed, each made on first use. What most processes do without is imported then too:
    a webhook must start fast, and agents' packages do not carry the libraries of GitHub, Jira and Slack.
    """

    settings: Settings
    clients: Clients
    clock: Clock = utc_now

    @cached_property
    def limits(self) -> Limits:
        """From the settings."""
        return limits_of(self.settings)

    @cached_property
    def artifacts(self) -> Artifacts:
        """Bodies in S3."""
        from slipway.adapters.aws.artifacts import S3Artifacts

        return S3Artifacts(clients=self.clients, bucket=self.settings.artifacts_bucket)

    @cached_property
    def tasks(self) -> Tasks:
        """Tasks in DynamoDB."""
        return DynamoTasks(clients=self.clients, table=self.settings.tasks_table, clock=self.clock)

    @cached_property
    def approvals(self) -> Approvals:
        """Approvals in DynamoDB."""
        from slipway.adapters.aws.approvals import DynamoApprovals

        return DynamoApprovals(clients=self.clients, table=self.settings.tasks_table)

    @cached_property
    def ci_waits(self) -> CiWaits:
        """CI waits in DynamoDB."""
        from slipway.adapters.aws.ci_waits import DynamoCiWaits

        return DynamoCiWaits(clients=self.clients, table=self.settings.tasks_table)

    @cached_property
    def event_log(self) -> EventLog:
        """History in DynamoDB."""
        return DynamoEventLog(clients=self.clients, table=self.settings.tasks_table, clock=self.clock)

    @cached_property
    def step_tokens(self) -> StepTokens:
        """Tokens of Step Functions."""
        from slipway.adapters.aws.step_tokens import SfnStepTokens

        return SfnStepTokens(clients=self.clients)

    @cached_property
    def workflow(self) -> Workflow:
        """The ticket workflow."""
        from slipway.adapters.aws.workflow import SfnWorkflow

        return SfnWorkflow(clients=self.clients, state_machine_arn=self.settings.state_machine_arn)

    @cached_property
    def runtimes(self) -> Runtimes:
        """Agents on AgentCore."""
        from slipway.adapters.aws.runtimes import AgentCoreRuntimes

        return AgentCoreRuntimes(
            clients=self.clients,
            arns=json.loads(self.settings.runtime_arns),
            endpoint=self.settings.endpoint_name,
        )

    @cached_property
    def secrets(self) -> Secrets:
        """Connections in Secrets Manager."""
        return SecretsManagerSecrets(
            clients=self.clients,
            github_secret=self.settings.github_secret,
            jira_secret=self.settings.jira_secret,
            slack_secret=self.settings.slack_secret,
            sentry_secret=self.settings.sentry_secret,
        )

    @cached_property
    def alerts(self) -> Alerts:
        """Reports of the error tracker in DynamoDB."""
        from slipway.adapters.aws.alerts import DynamoAlerts

        return DynamoAlerts(clients=self.clients, table=self.settings.errors_table)

    @cached_property
    def embeddings(self) -> Embeddings:
        """Bedrock's embedding model."""
        from slipway.adapters.aws.embeddings import BedrockEmbeddings

        return BedrockEmbeddings(clients=self.clients)

    @cached_property
    def knowledge(self) -> Knowledge:
        """Passages in S3 Vectors."""
        from slipway.adapters.aws.knowledge import S3VectorsKnowledge

        return S3VectorsKnowledge(
            clients=self.clients,
            bucket=names.knowledge_bucket(self.settings.environment),
            index=names.KNOWLEDGE_INDEX,
        )

    @cached_property
    def metrics(self) -> Metrics:
        """CloudWatch, by log lines."""
        return EmfMetrics(environment=self.settings.environment)

    @cached_property
    def forge(self) -> Forge:
        """GitHub."""
        from slipway.adapters.github.forge import GitHubForge

        return GitHubForge(secrets=self.secrets)

    @cached_property
    def tracker(self) -> Tracker:
        """Jira."""
        from slipway.adapters.jira.tracker import JiraTracker

        return JiraTracker(secrets=self.secrets)

    @cached_property
    def chat(self) -> Chat:
        """Slack."""
        from slipway.adapters.slack.chat import SlackChat

        return SlackChat(secrets=self.secrets)

    def close(self) -> None:
        """Give every open connection back; a later use opens new ones."""
        for name in ("forge", "tracker"):
            if (adapter := self.__dict__.get(name)) is not None:
                adapter.close()
        self.clients.close()


def limits_of(settings: Settings) -> Limits:
    """The settings that services go by."""
    return Limits(
        ai_label=settings.ai_label,
        max_running_tasks=settings.max_running_tasks,
        max_running_per_repository=settings.max_running_per_repository,
        approval_hours=settings.approval_hours,
        task_budget_usd=settings.task_budget_usd,
    )


def aws(settings: Settings, *, clients: Clients | None = None) -> AwsPlatform:
    """The platform as deployed; contacts nothing until a port is used."""
    return AwsPlatform(settings=settings, clients=clients or Clients())


def edge_secret(settings: Settings, *, clients: Clients | None = None) -> EdgeSecret:
    """What proves that a request came through CloudFront."""
    return EdgeSecret(clients=clients or Clients(), secret=settings.edge_secret)


def event_bus(settings: Settings, *, clients: Clients | None = None) -> EventBus:
    """Where other systems hear what happens to tasks."""
    from slipway.adapters.aws.event_bus import EventBridgeBus

    return EventBridgeBus(clients=clients or Clients(), bus=settings.event_bus)


def alarms(
    settings: Settings, *, secrets: Secrets, clients: Clients | None = None
) -> tuple[AlarmLog, AlarmChannel]:
    """What people were told of alarms, and the channel that tells them."""
    from slipway.adapters.aws.alarm_log import DynamoAlarmLog
    from slipway.adapters.slack.alarms import SlackAlarms

    channel = SlackAlarms(
        secrets=secrets,
        channel=settings.alert_channel,
        runbooks=settings.runbooks_url,
        dashboard=settings.dashboard_url,
    )
    return DynamoAlarmLog(clients=clients or Clients(), table=settings.errors_table), channel


def in_memory(
    *, clock: Clock = utc_now, limits: Limits | None = None, secrets: MemorySecrets | None = None
) -> MemoryPlatform:
    """A fresh platform that touches nothing outside the process."""
    from slipway.adapters.memory.platform import in_memory as made

    return made(clock=clock, limits=limits, secrets=secrets)
