"""Wires ports to adapters: the only place that knows both the settings and the technology."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from slipway.adapters.aws.artifacts import S3Artifacts
from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.event_log import DynamoEventLog
from slipway.adapters.aws.step_tokens import SfnStepTokens
from slipway.ports.artifacts import Artifacts
from slipway.ports.clock import Clock, utc_now
from slipway.ports.event_log import EventLog
from slipway.ports.step_tokens import StepTokens
from slipway.settings import Settings


@dataclass(frozen=True, kw_only=True)
class AwsPlatform:
    """Every port over AWS, each made on first use."""

    settings: Settings
    clients: Clients
    clock: Clock = utc_now

    @cached_property
    def artifacts(self) -> Artifacts:
        """Bodies in S3."""
        return S3Artifacts(clients=self.clients, bucket=self.settings.artifacts_bucket)

    @cached_property
    def event_log(self) -> EventLog:
        """History in DynamoDB."""
        return DynamoEventLog(clients=self.clients, table=self.settings.tasks_table, clock=self.clock)

    @cached_property
    def step_tokens(self) -> StepTokens:
        """Tokens of Step Functions."""
        return SfnStepTokens(clients=self.clients)


def aws(settings: Settings) -> AwsPlatform:
    """The platform as deployed; contacts nothing until a port is used."""
    return AwsPlatform(settings=settings, clients=Clients())
