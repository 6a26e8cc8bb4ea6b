"""Credentials of the doubles outlive the ports that the doubles answer at."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from pydantic import SecretStr

from local.supervisor.addresses import Addresses, Ports
from local.supervisor.layout import layout
from local.supervisor.provision import Identities, _plain, create_identities
from slipway.domain.connections import GitHubConnection, JiraConnection, SlackConnection

STORED = Identities(
    github=GitHubConnection(
        api_url="http://127.0.0.1:1/api/v3",
        app_id="1",
        installation_id="2",
        private_key=SecretStr("key"),
        webhook_secrets=(),
        bot_login="slipway[bot]",
        organization="acme",
    ),
    jira=JiraConnection(
        base_url="http://127.0.0.1:2",
        cloud_id="c",
        email="bot@acme.example",
        api_token=SecretStr("token"),
        webhook_secrets=(),
        bot_account_id="b",
    ),
    slack=SlackConnection(
        api_url="http://127.0.0.1:3/api/",
        bot_token=SecretStr("xoxb"),
        signing_secrets=(),
        channel="plans",
    ),
)


def test_a_double_that_moved_to_another_port_is_reached_there(tmp_path: Path) -> None:
    where = layout(tmp_path)
    where.credentials.mkdir()
    store = where.credentials / "identities.json"
    store.write_text(json.dumps(_plain(STORED)))
    store.chmod(0o600)
    now = Addresses.of(Ports(emulator=10, forge=11, jira=12, slack=13, gateway=14))
    found = create_identities(where, now)
    assert found.github.api_url == "http://127.0.0.1:11/api/v3"
    assert found.jira.base_url == "http://127.0.0.1:12"
    assert found.slack.api_url == "http://127.0.0.1:13/api/"
    assert found.github.private_key == STORED.github.private_key
    kept = GitHubConnection.model_validate_json((where.credentials / "gateway-github.json").read_text())
    assert kept == found.github
    assert stat.S_IMODE(store.stat().st_mode) == 0o600
