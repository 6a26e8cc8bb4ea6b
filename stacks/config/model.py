"""What one environment may choose, and the choice that fits most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Provider = Literal["bedrock", "openai", "deterministic"]
OAuthService = Literal["github", "atlassian"]

EDGE_REGION = "us-east-1"
"""CloudFront reads its web ACL and its certificate from here, wherever the API is."""


@dataclass(frozen=True, kw_only=True)
class Throttle:
    """Requests that the HTTP API lets through; the web ACL's limit by address follows `per_second`."""

    per_second: int = 100
    burst: int = 200


@dataclass(frozen=True, kw_only=True)
class Budgets:
    """Spending limits in USD."""

    task: float = 15.0
    day: float = 100.0
    month: float = 1000.0


@dataclass(frozen=True, kw_only=True)
class Alerts:
    """Who hears of alarms: e-mail addresses, and a Slack channel by id or name; empty: the team's own."""

    emails: tuple[str, ...] = ()
    slack_channel: str = ""
    runbooks_url: str = ""
    """Where people read docs/runbooks, so that a message can link there."""


@dataclass(frozen=True, kw_only=True)
class People:
    """Who may use the API: an address, or `@example.com` for everybody there. Approvers may read too."""

    approvers: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Domain:
    """A name of your own for the API; without a hosted zone you make its DNS record yourself."""

    name: str
    certificate_arn: str
    hosted_zone_id: str = ""


@dataclass(frozen=True, kw_only=True)
class GoogleSignIn:
    """Sign in with Google; its client secret waits in the secret `slipway/<environment>/google`."""

    client_id: str


@dataclass(frozen=True, kw_only=True)
class ToolSignIn:
    """People reach reading tools over MCP with tokens of this OpenID provider that carry `scope`."""

    discovery_url: str
    clients: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    scope: str = "slipway/tools"


@dataclass(frozen=True, kw_only=True)
class EnvironmentConfig:
    """Everything that is not here is the same everywhere."""

    name: str
    tier: Literal["development", "production"]
    region: str = "eu-west-1"
    model_provider: Provider = "bedrock"
    model_tiers: Mapping[str, str] = field(default_factory=dict)
    """Inference profiles to use instead of those in `slipway/agentkit/models/tiers.toml`."""

    pins_live: bool = True
    """Leave the agents' `live` endpoint to `slipway agents promote`; otherwise it follows every deploy."""
    evaluation_percent: float = 0.0
    """Share of finished sessions that AgentCore's judges grade; each costs model tokens, 0 creates none."""
    telemetry: bool = False
    """Trace what happens inside the agents with AWS' OpenTelemetry distribution: 10 MB more in each asset."""

    transaction_search: bool = False
    """Spans in CloudWatch, a setting of the whole account and region: True in one environment there."""

    oauth_clients: Mapping[OAuthService, str] = field(default_factory=dict)
    """Client ids of OAuth apps for people; their secrets are keys of the gateway's credential secret."""

    tool_sign_in: ToolSignIn | None = None
    """A second gateway, for people's own MCP clients; agents' gateway takes IAM roles only."""

    keeps_data: bool = True
    """Tables, buckets, keys and secrets outlive their stack, and tables refuse to be deleted."""
    customer_keys: bool = True
    """Keys of our own for data at rest, 1 USD a month each; otherwise AWS's, which cost nothing."""
    log_days: int = 90
    event_days: int = 90
    """How long the archive of the event bus keeps what happened to tasks, for a replay."""
    snapshot_days: int = 30
    noncurrent_days: int = 30
    session_days: int = 30
    archive_days: int | None = 90
    """When finished work moves to Glacier; None keeps it where it is."""

    max_running_tasks: int = 10
    max_running_per_repository: int = 2
    budgets: Budgets = Budgets()
    approval_hours: float = 24.0
    ci_hours: float = 12.0
    heartbeat_seconds: int = 30
    heartbeat_timeout_seconds: int = 180

    edge: bool = True
    """CloudFront before the API, and no other way in."""
    edge_secret_round: int = 1
    """Raise it after changing the secret that CloudFront sends, so that the next deploy sends the new one."""
    web_acl: bool = True
    """AWS WAF at the edge: about 10 USD a month."""
    throttle: Throttle = Throttle()
    domain: Domain | None = None
    google: GoogleSignIn | None = None
    people: People = People()
    alerts: Alerts = Alerts()
    watches_each_function: bool = True
    """Alarms for each function, 0.30 USD a month each and more; otherwise two for all in the account."""
    log_level: Literal["DEBUG", "INFO", "WARNING"] = "INFO"

    @property
    def workflow_hours(self) -> float:
        """When an execution is certainly stuck: both waits and a day of work."""
        return self.approval_hours + 4 * self.ci_hours + 24

    @property
    def regions(self) -> tuple[str, ...]:
        """Every region that this environment puts a stack into, and that must be bootstrapped."""
        return (self.region,) if not self.web_acl else tuple(dict.fromkeys((self.region, EDGE_REGION)))
