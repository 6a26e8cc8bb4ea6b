"""boto3 clients of services that only operators' programs call, made on first use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.client import BaseClient

from slipway.adapters.aws.clients import QUICK, Clients

if TYPE_CHECKING:
    from mypy_boto3_bedrock import BedrockClient
    from mypy_boto3_bedrock_agentcore_control import BedrockAgentCoreControlClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_service_quotas import ServiceQuotasClient
    from mypy_boto3_ssm import SSMClient
    from mypy_boto3_sts import STSClient


@dataclass(frozen=True)
class OperatorClients:
    """Next to `clients`, with its session and endpoint."""

    clients: Clients

    @classmethod
    def in_region(cls, region: str) -> OperatorClients:
        """The operator's own credentials, in a region."""
        return cls(Clients(session=boto3.Session(region_name=region)))

    @property
    def region(self) -> str:
        """Where they speak to."""
        return str(self.clients.session.region_name)

    @cached_property
    def sts(self) -> STSClient:
        """Whose credentials these are."""
        return self.clients.session.client("sts", config=QUICK, endpoint_url=self.clients.endpoint_url)

    @cached_property
    def ssm(self) -> SSMClient:
        """CDK's bootstrap version."""
        return self.clients.session.client("ssm", config=QUICK, endpoint_url=self.clients.endpoint_url)

    @cached_property
    def quotas(self) -> ServiceQuotasClient:
        """Limits of the account."""
        return self.clients.session.client(
            "service-quotas", config=QUICK, endpoint_url=self.clients.endpoint_url
        )

    @cached_property
    def bedrock(self) -> BedrockClient:
        """Access to models."""
        return self.clients.session.client("bedrock", config=QUICK, endpoint_url=self.clients.endpoint_url)

    @cached_property
    def agentcore_control(self) -> BedrockAgentCoreControlClient:
        """Runtimes and workload identities."""
        return self.clients.session.client(
            "bedrock-agentcore-control", config=QUICK, endpoint_url=self.clients.endpoint_url
        )

    @cached_property
    def functions(self) -> LambdaClient:
        """Lambda."""
        return self.clients.session.client("lambda", config=QUICK, endpoint_url=self.clients.endpoint_url)

    @cached_property
    def logs(self) -> CloudWatchLogsClient:
        """Log groups."""
        return self.clients.session.client("logs", config=QUICK, endpoint_url=self.clients.endpoint_url)

    @cached_property
    def kms(self) -> KMSClient:
        """Keys and their aliases."""
        return self.clients.session.client("kms", config=QUICK, endpoint_url=self.clients.endpoint_url)

    def close(self) -> None:
        """Give the connections back; each client is made again when it is used again."""
        for name in [name for name, made in self.__dict__.items() if isinstance(made, BaseClient)]:
            self.__dict__.pop(name).close()
        self.clients.close()
