"""What differs between environments: change `environments.py`, nothing else."""

from stacks.config.environments import ENVIRONMENTS, UnknownEnvironment, environment_config
from stacks.config.model import (
    EDGE_REGION,
    Alerts,
    Budgets,
    Domain,
    EnvironmentConfig,
    GoogleSignIn,
    People,
    Throttle,
    ToolSignIn,
)
from stacks.config.validation import Finding, InvalidEnvironment, check, findings

__all__ = [
    "EDGE_REGION",
    "ENVIRONMENTS",
    "Alerts",
    "Budgets",
    "Domain",
    "EnvironmentConfig",
    "Finding",
    "GoogleSignIn",
    "InvalidEnvironment",
    "People",
    "Throttle",
    "ToolSignIn",
    "UnknownEnvironment",
    "check",
    "environment_config",
    "findings",
]
