"""Connection documents given directly; a missing one asks for a person, as an empty secret does."""

from __future__ import annotations

from dataclasses import dataclass

from slipway.domain.connections import (
    GitHubConnection,
    JiraConnection,
    SentryConnection,
    SlackConnection,
)
from slipway.domain.errors import NeedsHuman


@dataclass(frozen=True, kw_only=True)
class MemorySecrets:
    """Any of them may be absent."""

    github_connection: GitHubConnection | None = None
    jira_connection: JiraConnection | None = None
    slack_connection: SlackConnection | None = None
    sentry_connection: SentryConnection | None = None

    def github(self) -> GitHubConnection:
        """The GitHub App."""
        if self.github_connection is None:
            raise NeedsHuman("the github connection is not filled in")
        return self.github_connection

    def jira(self) -> JiraConnection:
        """The Jira site."""
        if self.jira_connection is None:
            raise NeedsHuman("the jira connection is not filled in")
        return self.jira_connection

    def slack(self) -> SlackConnection:
        """The Slack app."""
        if self.slack_connection is None:
            raise NeedsHuman("the slack connection is not filled in")
        return self.slack_connection

    def sentry(self) -> SentryConnection:
        """The Sentry integration."""
        if self.sentry_connection is None:
            raise NeedsHuman("the sentry connection is not filled in")
        return self.sentry_connection
