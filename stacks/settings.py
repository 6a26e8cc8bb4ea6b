"""The settings that every process of one environment gets, from the stacks' own objects."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aws_cdk import Stack

from slipway.settings import Settings
from stacks.config import EnvironmentConfig
from stacks.constructs.permissions import Permissions


def platform_settings(
    config: EnvironmentConfig,
    permissions: Permissions,
    *,
    gateway_url: str = "",
    code_interpreter_id: str = "",
) -> Settings:
    """What agents and functions share; a function adds the runtimes with `with_runtimes`."""
    return Settings(
        environment=config.name,
        tasks_table=permissions.table.table_name,
        chat_table=permissions.tables["chat"].table_name,
        errors_table=permissions.tables["errors"].table_name,
        ledger_table=permissions.tables["ledger"].table_name,
        artifacts_bucket=permissions.bucket.bucket_name,
        sessions_bucket=permissions.buckets["sessions"].bucket_name,
        github_secret=permissions.secrets["github"].secret_arn,
        jira_secret=permissions.secrets["jira"].secret_arn,
        sentry_secret=permissions.secrets["sentry"].secret_arn,
        slack_secret=permissions.secrets["slack"].secret_arn,
        state_machine_arn=permissions.state_machine_arn,
        endpoint_name="live",
        model_provider=config.model_provider,
        **({"model_tiers": json.dumps(dict(config.model_tiers))} if config.model_tiers else {}),
        max_running_tasks=config.max_running_tasks,
        max_running_per_repository=config.max_running_per_repository,
        approval_hours=config.approval_hours,
        task_budget_usd=config.budgets.task,
        heartbeat_seconds=config.heartbeat_seconds,
        log_level=config.log_level,
        **({"gateway_url": gateway_url} if gateway_url else {}),
        **({"code_interpreter_id": code_interpreter_id} if code_interpreter_id else {}),
    )


def with_runtimes(settings: Settings, stack: Stack, runtime_arns: Mapping[str, str]) -> Settings:
    """The settings of functions that reach agents; the ARNs become known at deploy."""
    return settings.model_copy(update={"runtime_arns": stack.to_json_string(dict(runtime_arns))})
