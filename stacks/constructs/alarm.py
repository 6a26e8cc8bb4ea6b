"""Alarms: each has a name, a meaning, a runbook, and everybody who hears of it."""

from __future__ import annotations

from dataclasses import dataclass

import jsii
from aws_cdk import Duration, IAspect, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct, IConstruct

from slipway.domain.alarm import described

FIVE_MINUTES = Duration.minutes(5)
ANY = cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
ABOVE = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD
BELOW = cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD


@dataclass(frozen=True, kw_only=True)
class Watch:
    """`says`: what it means, in a sentence; `of`: how many of `periods` must breach."""

    name: str
    says: str
    runbook: str
    metric: cloudwatch.IMetric
    threshold: float = 1
    when: cloudwatch.ComparisonOperator = ANY
    periods: int = 1
    of: int | None = None
    missing: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING


def add_alarm(scope: Construct, construct_id: str, watch: Watch) -> cloudwatch.Alarm:
    """One alarm; `AlarmActions` adds whom it tells."""
    return cloudwatch.Alarm(
        scope,
        construct_id,
        alarm_name=watch.name,
        alarm_description=described(watch.says, runbook=watch.runbook),
        metric=watch.metric,
        threshold=watch.threshold,
        evaluation_periods=watch.periods,
        datapoints_to_alarm=watch.of,
        comparison_operator=watch.when,
        treat_missing_data=watch.missing,
    )


@jsii.implements(IAspect)
class AlarmActions:
    """Every alarm of the topic's region tells the topic, when it begins and when it is over."""

    def __init__(self, topic: sns.ITopic) -> None:
        self._topic = topic
        self._region = Stack.of(topic).region

    def visit(self, node: IConstruct) -> None:
        """Add the actions to one alarm."""
        if isinstance(node, cloudwatch.AlarmBase) and Stack.of(node).region == self._region:
            action = actions.SnsAction(self._topic)
            node.add_alarm_action(action)
            node.add_ok_action(action)
