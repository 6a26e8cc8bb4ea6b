"""Tokens of the GitHub App's installation, for those who cannot make them."""

from __future__ import annotations

from github import Auth, GithubIntegration

from slipway.adapters.github.failures import mapped
from slipway.domain.connections import GitHubConnection

TIMEOUT_SECONDS = 15


def installation_token(connection: GitHubConnection) -> str:
    """A new token; GitHub ends it after an hour."""
    app = Auth.AppAuth(connection.app_id, connection.private_key.get_secret_value())
    with (
        mapped(f"making a token of installation {connection.installation_id}"),
        GithubIntegration(
            auth=app, base_url=connection.api_url.rstrip("/"), timeout=TIMEOUT_SECONDS
        ) as integration,
    ):
        return integration.get_access_token(int(connection.installation_id)).token
