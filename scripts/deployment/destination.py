"""Where a deploy goes: a region of the operator's AWS account, or the emulator of this machine's laptop."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.supervisor.deploy import ENVIRONMENT as LAPTOP_ENVIRONMENT
from local.supervisor.emulator_client import checked, emulator_session
from local.supervisor.laptop import read_record
from local.supervisor.layout import layout
from local.supervisor.loopback import REGION as LAPTOP_REGION
from local.supervisor.loopback import aws_environment
from local.supervisor.node import node
from scripts.deployment.assembly import Assets, known_environment
from slipway.adapters.aws.account import AwsAccount
from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.operator_clients import OperatorClients
from slipway.adapters.aws.teardown import AwsTeardown
from slipway.domain.errors import InvalidInput, NotFound
from stacks.config import environment_config


@dataclass(frozen=True, kw_only=True)
class AwsDestination:
    """The account of the operator's credentials."""

    environment: str
    region: str
    assets: Assets = "aws"
    is_laptop: bool = False

    def operator(self, region: str) -> OperatorClients:
        """The operator's own credentials."""
        return OperatorClients.in_region(region)

    def process_environment(self) -> dict[str, str]:
        """The operator's environment, with the wheel's Node."""
        return {**os.environ, "AWS_REGION": self.region, **_tools(os.environ)}

    def api_url(self, outputs: Mapping[str, str]) -> str:
        """As the stack says."""
        return outputs.get("ApiUrl", "").rstrip("/")


@dataclass(frozen=True, kw_only=True)
class EmulatorDestination:
    """A loopback emulator: no setting of the caller's reaches AWS from here."""

    emulator: str
    environment: str = LAPTOP_ENVIRONMENT
    region: str = LAPTOP_REGION
    assets: Assets = "host"
    is_laptop: bool = True

    def operator(self, _region: str) -> OperatorClients:
        """Whatever the region: the emulator has one."""
        session = emulator_session()
        return OperatorClients(Clients(session=session, endpoint_url=checked(self.emulator)))

    def process_environment(self) -> dict[str, str]:
        """Without anything of the caller's that names a real service."""
        return {**aws_environment(self.emulator), **_tools(os.environ), "CI": "true"}

    def api_url(self, outputs: Mapping[str, str]) -> str:
        """The API by path: on a laptop no name is looked up."""
        return f"{self.emulator}/_aws/execute-api/{outputs.get('ApiId', '')}/$default"


Destination = AwsDestination | EmulatorDestination


def destination(environment: str, *, region: str = "", laptop: bool = False) -> Destination:
    """`laptop` asks for the running laptop's emulator, which holds one environment in one region."""
    known_environment(environment)
    if not laptop:
        return AwsDestination(
            environment=environment, region=region or environment_config(environment).region
        )
    if environment != LAPTOP_ENVIRONMENT or region not in {"", LAPTOP_REGION}:
        raise InvalidInput(f"the laptop holds {LAPTOP_ENVIRONMENT} in {LAPTOP_REGION} only")
    record = read_record(layout())
    if record is None or not record.ready:
        raise NotFound("the laptop is not up: run `slipway up` first, or leave --laptop out to deploy to AWS")
    return EmulatorDestination(emulator=record.addresses.emulator)


def account(place: Destination, region: str) -> AwsAccount:
    """The port over the place's clients."""
    return AwsAccount(operator=place.operator(region))


def teardown(place: Destination, region: str) -> AwsTeardown:
    """The port over the place's clients."""
    return AwsTeardown(operator=place.operator(region))


def work_folder(environment: str, name: str) -> Path:
    """Where a deploy keeps what it made: `.slipway/<name>/<environment>`."""
    return layout().tools / name / environment


def _tools(environ: Mapping[str, str]) -> dict[str, str]:
    folders = [str(Path(sys.executable).parent), str(node().parent), environ.get("PATH", "")]
    return {
        "PATH": os.pathsep.join(folders),
        "JSII_NODE": str(node()),
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
    }
