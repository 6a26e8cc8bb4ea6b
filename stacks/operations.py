"""Who hears of what: alerts for people, events of tasks for other systems."""

from __future__ import annotations

from aws_cdk import Aws, CfnOutput, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from slipway.domain import names
from slipway.domain.task_change import DETAIL_TYPE, SOURCE
from stacks.config import EnvironmentConfig
from stacks.constructs.alarm import FIVE_MINUTES, Watch, add_alarm
from stacks.constructs.alert_topic import AlertTopic
from stacks.constructs.function_group import function_group
from stacks.constructs.permissions import allow
from stacks.constructs.table_follower import follow
from stacks.data import DataStack
from stacks.packaging.bundles import Bundles
from stacks.settings import platform_settings


class OperationsStack(Stack):
    """`topic` is what every alarm of the environment tells; `bus` hears of every change of a task."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        data: DataStack,
        bundles: Bundles,
    ) -> None:
        super().__init__(scope, construct_id, env={"region": config.region})
        permissions = data.permissions(self)
        dashboard = f"#dashboards/dashboard/{names.dashboard(config.name)}"
        functions = function_group(
            self,
            "operations",
            config=config,
            bundles=bundles,
            settings=platform_settings(config, permissions).model_copy(
                update={
                    "event_bus": names.event_bus(config.name),
                    "alert_channel": config.alerts.slack_channel,
                    "runbooks_url": config.alerts.runbooks_url,
                    "dashboard_url": f"https://{Aws.REGION}.console.aws.amazon.com/cloudwatch/home{dashboard}",
                }
            ),
            permissions=permissions,
            runtime_arns={},
        )
        alerts = AlertTopic(self, "Alerts", config=config)
        alerts.tell(functions["alert_to_slack"])
        self.topic = alerts.topic
        self.bus = self._bus(config, functions["publish_task_changes"].function)
        if not config.watches_each_function:
            self._watch_all_functions(config)
        follow(data.table, rows="TASK", by=functions["publish_task_changes"])
        CfnOutput(self, "AlertsTopicArn", value=self.topic.topic_arn)
        CfnOutput(self, "EventBusArn", value=self.bus.event_bus_arn)

    def _watch_all_functions(self, config: EnvironmentConfig) -> None:
        """Two alarms instead of three for each function: Lambda also counts per account and region."""
        for symptom, says in (
            ("Errors", "A function of this account raised; the dashboard shows which."),
            ("Throttles", "Lambda refused calls: the account's concurrency is used up."),
        ):
            metric = cloudwatch.Metric(
                namespace="AWS/Lambda", metric_name=symptom, statistic="Sum", period=FIVE_MINUTES
            )
            add_alarm(
                self,
                f"{symptom}Alarm",
                Watch(
                    name=f"slipway-{config.name}-functions-{symptom.lower()}",
                    says=says,
                    runbook=f"function-{symptom.lower()}",
                    metric=metric,
                ),
            )

    def _bus(self, config: EnvironmentConfig, publisher: lambda_.Function) -> events.EventBus:
        bus = events.EventBus(
            self,
            "Bus",
            event_bus_name=names.event_bus(config.name),
            description="Every change of a task's state",
        )
        bus.archive(
            "Archive",
            archive_name=names.event_bus(config.name),
            description="Changes of tasks, for a replay",
            event_pattern=events.EventPattern(source=[SOURCE], detail_type=[DETAIL_TYPE]),
            retention=Duration.days(config.event_days),
        )
        publisher.add_to_role_policy(allow(("events:PutEvents",), (bus.event_bus_arn,)))
        return bus
