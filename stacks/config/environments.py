"""dev, staging and prod. This is the one place to change; `validation.py` says what does not fit."""

from __future__ import annotations

from dataclasses import replace

from stacks.config.model import Budgets, EnvironmentConfig
from stacks.config.validation import check

ENVIRONMENTS = {
    config.name: config
    for config in (
        EnvironmentConfig(
            name="dev",
            tier="development",
            # Idles below 5 USD a month: no key of its own, no CloudFront, no WAF.
            pins_live=False,
            keeps_data=False,
            customer_keys=False,
            edge=False,
            web_acl=False,
            log_days=7,
            event_days=7,
            watches_each_function=False,
            snapshot_days=3,
            noncurrent_days=3,
            session_days=7,
            archive_days=None,
            budgets=Budgets(task=15.0, day=50.0, month=300.0),
            heartbeat_seconds=5,
            heartbeat_timeout_seconds=30,
        ),
        EnvironmentConfig(
            name="staging",
            tier="development",
            telemetry=True,
            log_days=30,
            archive_days=30,
            evaluation_percent=10.0,
        ),
        EnvironmentConfig(name="prod", tier="production", telemetry=True, evaluation_percent=5.0),
    )
}


class UnknownEnvironment(ValueError):
    """`-c env=` names no environment of this file."""


def environment_config(name: str, *, region: str | None = None) -> EnvironmentConfig:
    """The configuration that `-c env=` and `-c region=` chose, after it was checked."""
    try:
        config = ENVIRONMENTS[name]
    except KeyError:
        known = ", ".join(ENVIRONMENTS)
        raise UnknownEnvironment(
            f"environment {name!r} is not in stacks/config/environments.py; choose one of {known}"
        ) from None
    if region:
        config = replace(config, region=region)
    check(config)
    return config
