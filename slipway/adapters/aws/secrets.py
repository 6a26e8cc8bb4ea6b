"""Connection documents in Secrets Manager, cached briefly so that a rotation is seen within minutes."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.failures import mapped
from slipway.domain.connections import (
    GitHubConnection,
    JiraConnection,
    SentryConnection,
    SlackConnection,
)
from slipway.domain.errors import NeedsHuman

CACHE_SECONDS = 120.0
ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class SecretsManagerSecrets:
    """One secret per outside service."""

    clients: Clients
    github_secret: str
    jira_secret: str
    slack_secret: str
    sentry_secret: str = ""
    _cache: dict[str, tuple[float, str]] = field(default_factory=dict, repr=False)

    def github(self) -> GitHubConnection:
        """The GitHub App."""
        return self._document(self.github_secret, GitHubConnection, "github")

    def jira(self) -> JiraConnection:
        """The Jira site."""
        return self._document(self.jira_secret, JiraConnection, "jira")

    def slack(self) -> SlackConnection:
        """The Slack app."""
        return self._document(self.slack_secret, SlackConnection, "slack")

    def sentry(self) -> SentryConnection:
        """The Sentry integration."""
        return self._document(self.sentry_secret, SentryConnection, "sentry")

    def _document(self, secret: str, model: type[ModelT], service: str) -> ModelT:
        if not secret:
            raise NeedsHuman(
                f"no secret is configured for {service}; deploy sets SLIPWAY_{service.upper()}_SECRET"
            )
        try:
            return model.model_validate_json(self._text(secret))
        except ValidationError as error:
            # Only the places, never the values: this text is shown to people.
            missing = ", ".join(".".join(map(str, e["loc"])) or "the document" for e in error.errors())
            raise NeedsHuman(
                f"the {service} connection is not filled in (wrong or missing: {missing}); fill it with "
                f"`aws secretsmanager put-secret-value --secret-id {secret} --secret-string file://{service}.json`"
            ) from None

    def _text(self, secret: str) -> str:
        read_at, text = self._cache.get(secret, (0.0, ""))
        if text and time.monotonic() - read_at < CACHE_SECONDS:
            return text
        with mapped(f"reading secret {secret}"):
            text = self.clients.secretsmanager.get_secret_value(SecretId=secret)["SecretString"]
        self._cache[secret] = (time.monotonic(), text)
        return text
