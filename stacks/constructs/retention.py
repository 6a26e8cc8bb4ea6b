"""Log groups that forget, and leave with their stack where data need not be kept."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.config import EnvironmentConfig


def removal_policy(config: EnvironmentConfig) -> RemovalPolicy:
    """Whether what holds data outlives its stack."""
    return RemovalPolicy.RETAIN if config.keeps_data else RemovalPolicy.DESTROY


def log_group(scope: Construct, construct_id: str, *, name: str, config: EnvironmentConfig) -> logs.LogGroup:
    """A log group with the environment's retention."""
    return logs.LogGroup(
        scope,
        construct_id,
        log_group_name=name,
        retention=retention_days(config.log_days),
        removal_policy=RemovalPolicy.DESTROY,
    )


def retention_days(days: int) -> logs.RetentionDays:
    """CDK's name for a number of days that CloudWatch Logs offers."""
    return _BY_DAYS[days]


_BY_DAYS = {
    1: logs.RetentionDays.ONE_DAY,
    3: logs.RetentionDays.THREE_DAYS,
    5: logs.RetentionDays.FIVE_DAYS,
    7: logs.RetentionDays.ONE_WEEK,
    14: logs.RetentionDays.TWO_WEEKS,
    30: logs.RetentionDays.ONE_MONTH,
    60: logs.RetentionDays.TWO_MONTHS,
    90: logs.RetentionDays.THREE_MONTHS,
    120: logs.RetentionDays.FOUR_MONTHS,
    150: logs.RetentionDays.FIVE_MONTHS,
    180: logs.RetentionDays.SIX_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
    400: logs.RetentionDays.THIRTEEN_MONTHS,
    545: logs.RetentionDays.EIGHTEEN_MONTHS,
    731: logs.RetentionDays.TWO_YEARS,
    1096: logs.RetentionDays.THREE_YEARS,
    1827: logs.RetentionDays.FIVE_YEARS,
    2192: logs.RetentionDays.SIX_YEARS,
    3653: logs.RetentionDays.TEN_YEARS,
}
