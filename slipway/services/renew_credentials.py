"""Fills the gateway's credentials from the connections, before what GitHub gave out ends."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping

from slipway.domain.connections import GitHubConnection, JiraConnection
from slipway.domain.errors import NeedsHuman, SlipwayError
from slipway.ports.gateway_credentials import GatewayCredentials
from slipway.ports.secrets import Secrets

RENEWED = "renewed"


def renew_credentials(
    secrets: Secrets, *, mint: Callable[[GitHubConnection], str], store: GatewayCredentials
) -> Mapping[str, str]:
    """Tell what became of each target: one that nobody connected yet waits; other failures are raised."""
    sources: Mapping[str, Callable[[], str]] = {
        "github": lambda: mint(secrets.github()),
        "jira": lambda: _basic(secrets.jira()),
    }
    outcome: dict[str, str] = {}
    failures: list[SlipwayError] = []
    for target, credential in sources.items():
        try:
            store.put(target, credential())
            outcome[target] = RENEWED
        except NeedsHuman as error:
            outcome[target] = str(error)
        except SlipwayError as error:
            failures.append(error)
    if failures:
        raise failures[0]
    return outcome


def _basic(connection: JiraConnection) -> str:
    pair = f"{connection.email}:{connection.api_token.get_secret_value()}"
    return base64.b64encode(pair.encode()).decode()
