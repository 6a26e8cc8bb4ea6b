"""The functions that one stack holds, each with its role and what its spec says it may do."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Stack

from slipway.settings import Settings
from stacks.config import EnvironmentConfig
from stacks.constructs import function_access
from stacks.constructs.permissions import Permissions
from stacks.constructs.python_function import PythonFunction
from stacks.functions import functions_of
from stacks.packaging.bundles import Bundles


def function_group(
    stack: Stack,
    group: str,
    *,
    config: EnvironmentConfig,
    bundles: Bundles,
    settings: Settings,
    permissions: Permissions,
    runtime_arns: Mapping[str, str],
) -> dict[str, PythonFunction]:
    """By folder; `group` is the stack's name in `FUNCTIONS`."""
    return {
        spec.folder: PythonFunction(
            stack,
            spec=spec,
            config=config,
            code=bundles.functions(),
            settings=settings,
            statements=function_access.statements(
                spec.access, permissions=permissions, runtime_arns=tuple(runtime_arns.values())
            ),
        )
        for spec in functions_of(group)
    }
