"""Connection documents of outside services: base URL and credentials in one secret each."""

from __future__ import annotations

from typing import Protocol

from slipway.domain.connections import (
    GitHubConnection,
    JiraConnection,
    SentryConnection,
    SlackConnection,
)


class Secrets(Protocol):
    """Each raises NeedsHuman naming the secret and the command that fills it when it is still empty."""

    def github(self) -> GitHubConnection: ...

    def jira(self) -> JiraConnection: ...

    def sentry(self) -> SentryConnection: ...

    def slack(self) -> SlackConnection: ...
