"""The gateway's credentials in Secrets Manager: AgentCore Identity reads them at each use."""

from __future__ import annotations

import json
from dataclasses import dataclass

from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.failures import mapped
from slipway.domain import names
from slipway.domain.errors import Permanent


@dataclass(frozen=True, kw_only=True)
class SecretsManagerGatewayCredentials:
    """One secret, a JSON object with a key for each target."""

    clients: Clients
    environment: str

    def put(self, target: str, credential: str) -> None:
        """Replace the credential and keep the other keys."""
        secret = names.gateway_secret(self.environment)
        with mapped(f"writing secret {secret}"):
            text = self.clients.secretsmanager.get_secret_value(SecretId=secret)["SecretString"]
            try:
                document = json.loads(text)
            except ValueError:
                raise Permanent(f"secret {secret} is not JSON; set it to an empty object") from None
            if document.get(target) == credential:
                return
            document[target] = credential
            self.clients.secretsmanager.put_secret_value(SecretId=secret, SecretString=json.dumps(document))
