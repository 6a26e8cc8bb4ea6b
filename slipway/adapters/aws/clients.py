"""boto3 clients with timeouts, made on first use and kept for the life of the process."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.client import BaseClient
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agentcore import BedrockAgentCoreClient
    from mypy_boto3_bedrock_runtime import BedrockRuntimeClient
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3vectors import S3VectorsClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_stepfunctions import SFNClient

QUICK = Config(connect_timeout=3, read_timeout=15, retries={"mode": "standard", "total_max_attempts": 4})
# A runtime answers at once, but its first session may still be starting (30 s at most).
INVOKE = Config(connect_timeout=3, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 2})


@dataclass(frozen=True)
class Clients:
    """Endpoint, region and credentials come from the environment as boto3 reads them, unless given."""

    session: boto3.Session = field(default_factory=boto3.Session)
    endpoint_url: str | None = None

    @classmethod
    def at(cls, endpoint_url: str, *, region: str, account: str) -> Clients:
        """Clients of an emulator, where the access key is the account id and the secret means nothing."""
        session = boto3.Session(
            aws_access_key_id=account, aws_secret_access_key="emulator", region_name=region
        )
        return cls(session=session, endpoint_url=endpoint_url)

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        """The tasks table."""
        return self.session.client("dynamodb", config=QUICK, endpoint_url=self.endpoint_url)

    @cached_property
    def s3(self) -> S3Client:
        """The artifacts bucket."""
        return self.session.client("s3", config=QUICK, endpoint_url=self.endpoint_url)

    @cached_property
    def stepfunctions(self) -> SFNClient:
        """The ticket workflow and its task tokens."""
        return self.session.client("stepfunctions", config=QUICK, endpoint_url=self.endpoint_url)

    @cached_property
    def secretsmanager(self) -> SecretsManagerClient:
        """The connection documents."""
        return self.session.client("secretsmanager", config=QUICK, endpoint_url=self.endpoint_url)

    @cached_property
    def agentcore(self) -> BedrockAgentCoreClient:
        """The agents' runtimes."""
        return self.session.client("bedrock-agentcore", config=INVOKE, endpoint_url=self.endpoint_url)

    @cached_property
    def bedrock(self) -> BedrockRuntimeClient:
        """Bedrock's models, by InvokeModel."""
        return self.session.client("bedrock-runtime", config=QUICK, endpoint_url=self.endpoint_url)

    @cached_property
    def s3vectors(self) -> S3VectorsClient:
        """The knowledge base's index."""
        return self.session.client("s3vectors", config=QUICK, endpoint_url=self.endpoint_url)

    @cached_property
    def events(self) -> EventBridgeClient:
        """The bus that hears of tasks."""
        return self.session.client("events", config=QUICK, endpoint_url=self.endpoint_url)

    @cached_property
    def cloudformation(self) -> CloudFormationClient:
        """What deployed stacks say about themselves."""
        return self.session.client("cloudformation", config=QUICK, endpoint_url=self.endpoint_url)

    def close(self) -> None:
        """Give the connections back; each client is made again when it is used again."""
        for name in [name for name, made in self.__dict__.items() if isinstance(made, BaseClient)]:
            self.__dict__.pop(name).close()
