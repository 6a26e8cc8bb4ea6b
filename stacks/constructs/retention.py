"""Log groups that forget, and leave with their stack where data need not be kept."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.config import EnvironmentConfig

_RETENTION = {
    7: logs.RetentionDays.ONE_WEEK,
    30: logs.RetentionDays.ONE_MONTH,
    90: logs.RetentionDays.THREE_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
}


def removal_policy(config: EnvironmentConfig) -> RemovalPolicy:
    """Whether what holds data outlives its stack."""
    return RemovalPolicy.RETAIN if config.keeps_data else RemovalPolicy.DESTROY


def log_group(scope: Construct, construct_id: str, *, name: str, config: EnvironmentConfig) -> logs.LogGroup:
    """A log group with the environment's retention."""
    return logs.LogGroup(
        scope,
        construct_id,
        log_group_name=name,
        retention=_RETENTION[config.log_days],
        removal_policy=RemovalPolicy.DESTROY,
    )
