"""The gateway's credentials follow the connections."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from unittest.mock import ANY

import boto3
import pytest
from moto import mock_aws
from pydantic import SecretStr

from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.gateway_credentials import SecretsManagerGatewayCredentials
from slipway.adapters.memory.secrets import MemorySecrets
from slipway.domain.connections import GitHubConnection, JiraConnection
from slipway.domain.errors import Permanent, UpstreamUnavailable
from slipway.services.renew_credentials import RENEWED, renew_credentials

GITHUB = GitHubConnection(
    app_id="1",
    installation_id="2",
    private_key=SecretStr("unused here"),
    webhook_secrets=(),
    bot_login="slipway[bot]",
    organization="acme",
)
JIRA = JiraConnection(
    base_url="https://acme.atlassian.test",
    cloud_id="c",
    email="bot@acme.test",
    api_token=SecretStr("t0"),
    webhook_secrets=(),
    bot_account_id="b",
)


@dataclass
class Kept:
    credentials: dict[str, str] = field(default_factory=dict)

    def put(self, target: str, credential: str) -> None:
        self.credentials[target] = credential


def broken(connection: GitHubConnection) -> str:
    raise UpstreamUnavailable("GitHub did not answer")


def test_every_connected_target_gets_its_credential() -> None:
    kept = Kept()
    secrets = MemorySecrets(github_connection=GITHUB, jira_connection=JIRA)
    assert renew_credentials(secrets, mint=lambda each: f"ghs_{each.installation_id}", store=kept) == {
        "github": RENEWED,
        "jira": RENEWED,
    }
    assert kept.credentials["github"] == "ghs_2"
    assert base64.b64decode(kept.credentials["jira"]).decode() == "bot@acme.test:t0"


def test_what_nobody_connected_yet_waits_without_an_alarm() -> None:
    kept = Kept()
    outcome = renew_credentials(MemorySecrets(jira_connection=JIRA), mint=broken, store=kept)
    assert outcome == {"github": ANY, "jira": RENEWED}
    assert "not filled in" in outcome["github"]


def test_one_failure_keeps_no_other_target_from_being_renewed_and_is_raised() -> None:
    kept = Kept()
    secrets = MemorySecrets(github_connection=GITHUB, jira_connection=JIRA)
    with pytest.raises(UpstreamUnavailable):
        renew_credentials(secrets, mint=broken, store=kept)
    assert set(kept.credentials) == {"jira"}


def test_what_lies_beside_a_credential_stays_and_the_same_value_makes_no_version() -> None:
    with mock_aws():
        client = boto3.client("secretsmanager")
        document = {"github": "unset", "sentry": "kept"}
        client.create_secret(Name="slipway/dev/gateway", SecretString=json.dumps(document))
        client.create_secret(Name="slipway/prod/gateway", SecretString="oops")
        store = SecretsManagerGatewayCredentials(clients=Clients(), environment="dev")
        store.put("github", "ghs_1")
        first = client.get_secret_value(SecretId="slipway/dev/gateway")
        store.put("github", "ghs_1")
        second = client.get_secret_value(SecretId="slipway/dev/gateway")
        assert json.loads(first["SecretString"]) == {"github": "ghs_1", "sentry": "kept"}
        assert first["VersionId"] == second["VersionId"]
        with pytest.raises(Permanent, match="slipway/prod/gateway is not JSON"):
            SecretsManagerGatewayCredentials(clients=Clients(), environment="prod").put("jira", "x")
        client.close()
