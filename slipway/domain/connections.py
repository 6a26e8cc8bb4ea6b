"""How to reach each outside service: one secret, one document each. A local forge only changes the URL."""

from __future__ import annotations

from pydantic import BaseModel, SecretStr

from slipway.domain.alert import AlertKind


class GitHubConnection(BaseModel, frozen=True):
    """A GitHub App. `webhook_secrets`: newest first, two are valid while rotating."""

    api_url: str = "https://api.github.com"
    app_id: str
    installation_id: str
    private_key: SecretStr
    webhook_secrets: tuple[SecretStr, ...]
    bot_login: str
    organization: str


class JiraConnection(BaseModel, frozen=True):
    """A Jira Cloud site and its bot's API token. `status_*`: where tickets go; empty leaves them alone."""

    base_url: str
    cloud_id: str
    email: str
    api_token: SecretStr
    webhook_secrets: tuple[SecretStr, ...]
    bot_account_id: str
    status_working: str = "In Progress"
    status_review: str = "In Review"
    status_needs_human: str = "Needs Human"


class SentryConnection(BaseModel, frozen=True):
    """A Sentry internal integration. `webhook_secrets`: its client secret; two are valid while rotating.

    Alerts become tickets of the Jira project `jira_project`, or of the one that `jira_projects` names for
    the Sentry project. `starts_work`: which reports start a task; the others are only counted.
    """

    webhook_secrets: tuple[SecretStr, ...]
    jira_project: str
    jira_projects: dict[str, str] = {}
    starts_work: tuple[AlertKind, ...] = (AlertKind.EVENT_ALERT,)


class SlackConnection(BaseModel, frozen=True):
    """A Slack app. `approvers` maps Slack user ids that may decide on plans to a display name."""

    api_url: str = "https://slack.com/api/"
    bot_token: SecretStr
    signing_secrets: tuple[SecretStr, ...]
    channel: str
    approvers: dict[str, str] = {}
