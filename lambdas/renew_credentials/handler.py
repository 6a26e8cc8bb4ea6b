"""Every twenty minutes: the gateway's credentials are made anew from the connections."""

from __future__ import annotations

import os
from collections.abc import Mapping

from lambdas.process import logger, platform
from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.gateway_credentials import SecretsManagerGatewayCredentials
from slipway.adapters.github.installation import installation_token
from slipway.ports.gateway_credentials import GatewayCredentials
from slipway.services.renew_credentials import renew_credentials
from slipway.settings import Settings


def store() -> GatewayCredentials:
    """Of this environment."""
    environment = Settings.from_env(os.environ).environment
    return SecretsManagerGatewayCredentials(clients=Clients(), environment=environment)


def handler(event: Mapping[str, object], _context: object) -> dict[str, str]:
    """The schedule's event says nothing that matters."""
    del event
    outcome = dict(renew_credentials(platform().secrets, mint=installation_token, store=store()))
    logger().info("gateway credentials", extra={"targets": outcome})
    return outcome
