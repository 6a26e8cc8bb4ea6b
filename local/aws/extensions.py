"""The ordered list of modules that extend ministack; each has `install(context)`."""

from __future__ import annotations

import importlib
import logging

from local.aws.context import Context

logger = logging.getLogger(__name__)

EXTENSIONS = (
    "local.aws.cloudformation",
    "local.aws.cloudformation_runtimes",
    "local.aws.cloudformation_gateways",
    "local.aws.cloudformation_stack_outputs",
    "local.aws.cloudformation_tables",
    "local.aws.cloudformation_encryption",
    "local.aws.cloudformation_functions",
    "local.aws.cloudformation_secrets",
    "local.aws.cloudformation_buckets",
    "local.aws.cloudformation_operations",
    "local.aws.cloudformation_events",
    "local.aws.lambda_workers",
    "local.aws.lambda_execution",
    "local.aws.table_streams",
    "local.aws.stream_persistence",
    "local.aws.agentcore_runtime",
    "local.aws.memory_extraction",
    "local.aws.stepfunctions",
    "local.aws.metrics",
    "local.aws.queue_metrics",
    "local.aws.api_metrics",
    "local.aws.alarms",
    "local.aws.retention",
    "local.aws.code_interpreter",
    "local.aws.s3vectors",
    "local.aws.cloudformation_s3vectors",
    "local.aws.bedrock_embeddings",
    "local.aws.workload_identities",
    "local.aws.introspection",
)
"""cloudformation comes first: the others register resource types with it."""


def install_all(context: Context) -> None:
    """Install every extension, in order."""
    for name in EXTENSIONS:
        importlib.import_module(name).install(context)
        logger.debug("extension=<%s> | installed", name)
