"""boto3 clients with timeouts, made on first use and kept for the life of the process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore import BedrockAgentCoreClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_stepfunctions import SFNClient

QUICK = Config(connect_timeout=3, read_timeout=15, retries={"mode": "standard", "total_max_attempts": 4})
# A runtime answers at once, but its first session may still be starting (30 s at most).
INVOKE = Config(connect_timeout=3, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 2})


@dataclass(frozen=True)
class Clients:
    """Endpoint, region and credentials come from the environment, as boto3 reads them."""

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        """The tasks table."""
        return boto3.client("dynamodb", config=QUICK)

    @cached_property
    def s3(self) -> S3Client:
        """The artifacts bucket."""
        return boto3.client("s3", config=QUICK)

    @cached_property
    def stepfunctions(self) -> SFNClient:
        """The ticket workflow and its task tokens."""
        return boto3.client("stepfunctions", config=QUICK)

    @cached_property
    def secretsmanager(self) -> SecretsManagerClient:
        """The connection documents."""
        return boto3.client("secretsmanager", config=QUICK)

    @cached_property
    def agentcore(self) -> BedrockAgentCoreClient:
        """The agents' runtimes."""
        return boto3.client("bedrock-agentcore", config=INVOKE)
