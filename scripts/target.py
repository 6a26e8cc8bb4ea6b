"""Which deployment a command speaks to: the laptop when it is up, otherwise the AWS account of the caller."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from local.supervisor.emulator_client import checked, emulator_session
from local.supervisor.laptop import read_record
from local.supervisor.layout import layout
from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.stack_outputs import stack_outputs
from slipway.adapters.memory.metrics import MemoryMetrics
from slipway.bootstrap import AwsPlatform
from slipway.domain.errors import InvalidInput, NotFound
from slipway.ports.metrics import Metrics
from slipway.ports.platform import Platform
from slipway.settings import Settings
from stacks.config import ENVIRONMENTS

if TYPE_CHECKING:
    from local.supervisor.addresses import Addresses

LAPTOP_ENVIRONMENT = "dev"


class OperatorPlatform(AwsPlatform):
    """The deployed platform from a terminal, whose output is the command's result and no log."""

    @cached_property
    def metrics(self) -> Metrics:
        """CloudWatch reads metrics from logs of the deployed functions only."""
        return MemoryMetrics()


@dataclass(frozen=True)
class Target:
    """A deployment and its ports; `addresses` is set on the laptop only."""

    name: str
    settings: Settings
    platform: Platform
    addresses: Addresses | None


def resolve(environment: str | None) -> Target:
    """`--env` names a deployment in AWS; without it the laptop must be up."""
    if environment:
        if environment not in ENVIRONMENTS:
            raise InvalidInput(f"no environment {environment!r}; there are: {', '.join(ENVIRONMENTS)}")
        return _deployment(f"AWS, environment {environment}", environment, Clients(), None)
    record = read_record(layout())
    if record is None or not record.ready:
        raise NotFound(
            "the laptop is not up: run `slipway up`, or name a deployment in AWS with --env dev|staging|prod"
        )
    clients = Clients(session=emulator_session(), endpoint_url=checked(record.addresses.emulator))
    return _deployment("laptop", LAPTOP_ENVIRONMENT, clients, record.addresses)


def _deployment(name: str, environment: str, clients: Clients, addresses: Addresses | None) -> Target:
    outputs = stack_outputs(f"Slipway-{environment}-Workflow", clients)
    if "Settings" not in outputs:
        raise NotFound(f"stack Slipway-{environment}-Workflow has no output Settings; deploy it again")
    settings = Settings.from_env(json.loads(outputs["Settings"]))
    platform = OperatorPlatform(settings=settings, clients=clients)
    return Target(name=name, settings=settings, platform=platform, addresses=addresses)
