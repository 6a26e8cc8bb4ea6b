"""What one Lambda process keeps between invocations: the platform's clients and the logger."""

from __future__ import annotations

import os
from functools import cache

from aws_lambda_powertools import Logger

from slipway import bootstrap
from slipway.ports.platform import Platform
from slipway.settings import Settings


@cache
def settings() -> Settings:
    """Read on the first invocation, from the environment."""
    return Settings.from_env(os.environ)


@cache
def platform() -> Platform:
    """Made on the first invocation, from the settings."""
    return bootstrap.aws(settings())


@cache
def logger() -> Logger:
    """JSON lines; add `task_id` with `append_keys`."""
    return Logger(service="slipway", level=os.environ.get("SLIPWAY_LOG_LEVEL", "INFO"))
