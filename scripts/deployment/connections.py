"""Connecting the outside services: files with the right addresses, steps, and the secrets that hold them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, JsonValue, SecretStr, TypeAdapter, ValidationError

from scripts.deployment import github_app, slack_app
from slipway.domain.agent_spec import AgentSpec
from slipway.domain.connections import GitHubConnection, JiraConnection, SentryConnection, SlackConnection
from slipway.domain.errors import InvalidInput

JIRA_EVENTS = ("jira:issue_created", "jira:issue_updated", "comment_created", "comment_updated")
SENTRY_EVENTS = ("issue",)
"""Beside alerts: what `slipway/domain/intake/sentry.py` reads of new, resolved and archived issues."""
_DOCUMENT = TypeAdapter(dict[str, JsonValue])
_GENERATED = "webhook_secrets"


@dataclass(frozen=True, kw_only=True)
class Kit:
    """Where the files of one environment are, and what goes into them."""

    environment: str
    api_url: str
    folder: Path
    agents: tuple[AgentSpec, ...]

    @property
    def webhook_secrets(self) -> Path:
        """Generated secrets that both sides must know, readable by their owner only."""
        return self.folder / "webhook-secrets.json"


@dataclass(frozen=True, kw_only=True)
class Service:
    """One outside service: its connection's form, the file that we generate for it, and the steps.

    `signs_with_ours`: it takes the webhook secret that we make up; the others tell us theirs.
    """

    name: str
    connection: type[BaseModel]
    file: str
    content: Callable[[Kit], Mapping[str, JsonValue]]
    steps: Callable[[Kit], tuple[str, ...]]
    signs_with_ours: bool = False


def write_kit(kit: Kit) -> dict[str, Path]:
    """Write every file; webhook secrets that exist are kept."""
    kit.folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for service in SERVICES.values():
        path = kit.folder / service.file
        path.write_text(json.dumps(service.content(kit), indent=2) + "\n")
        written[service.name] = path
    page = kit.folder / "github-app.html"
    page.write_text(github_app.page(SERVICES["github"].content(kit)))
    if not kit.webhook_secrets.exists():
        kit.webhook_secrets.touch(mode=0o600)
        made = {name: secrets.token_hex(24) for name, service in SERVICES.items() if service.signs_with_ours}
        kit.webhook_secrets.write_text(json.dumps(made, indent=2) + "\n")
    return written


def checked_connection(service: Service, text: str, *, webhook_secrets: Path) -> str:
    """The document for the secret; generated webhook secrets fill in for missing ones. No value is told."""
    try:
        given = _DOCUMENT.validate_json(text)
    except ValidationError:
        raise InvalidInput(f"the {service.name} connection must be one JSON object") from None
    fields = service.connection.model_fields
    if unknown := sorted(given.keys() - fields.keys()):
        raise InvalidInput(f"the {service.name} connection has no field {', '.join(unknown)}")
    if _GENERATED in fields and _GENERATED not in given and webhook_secrets.exists():
        generated = json.loads(webhook_secrets.read_text()).get(service.name)
        given = {**given, _GENERATED: [generated]} if generated else given
    try:
        service.connection.model_validate(given)
    except ValidationError as error:
        wrong = ", ".join(
            f"{'.'.join(map(str, each['loc'])) or 'the document'} ({each['type']})"
            for each in error.errors(include_input=False)
        )
        raise InvalidInput(f"the {service.name} connection is wrong in: {wrong}") from None
    empty = [name for name, value in given.items() if value in ("", [], [""]) and fields[name].is_required()]
    if empty:
        raise InvalidInput(f"the {service.name} connection is empty in: {', '.join(empty)}")
    return json.dumps(given)


def hidden_fields(service: Service) -> Iterable[str]:
    """Fields whose value nobody should see on a screen."""
    for name, field in service.connection.model_fields.items():
        if field.annotation in {SecretStr, tuple[SecretStr, ...]}:
            yield name


def _github_steps(kit: Kit) -> tuple[str, ...]:
    file = kit.folder / SERVICES["github"].file
    return (
        f"create the app: open {kit.folder / 'github-app.html'} in a browser, name the organisation, submit "
        f"(the manifest is {file})",
        f"in the app's settings set the webhook secret to the value `github` of {kit.webhook_secrets}",
        "generate a private key there, and install the app on the repositories it may work in",
        "note the app id, the installation id (last part of the installation's address) and the bot's login "
        "(app name followed by [bot])",
        f"slipway connect github --env {kit.environment} --store",
    )


def _jira_steps(kit: Kit) -> tuple[str, ...]:
    return (
        "create an account for the bot, give it access to the projects, and an API token",
        f"as an administrator: System > WebHooks > Create, with the address, events and filter of "
        f"{kit.folder / SERVICES['jira'].file}, and as its secret the value `jira` of {kit.webhook_secrets}",
        "cloud id: https://YOUR-SITE.atlassian.net/_edge/tenant_info",
        f"slipway connect jira --env {kit.environment} --store",
        "put the label on a ticket to try it",
    )


def _sentry_steps(kit: Kit) -> tuple[str, ...]:
    return (
        "in Sentry: Settings > Developer Settings > Create New Integration > Internal Integration, with the "
        f"name, webhook URL and permission (Issue & Event: Read) of {kit.folder / SERVICES['sentry'].file}",
        "switch Alert Rule Action on, so that alert rules can choose it, and tick the webhook `issue`; save, "
        "and note the client secret: Sentry signs what it sends with it",
        f"slipway connect sentry --env {kit.environment} --store (`webhook_secrets` is the client secret, "
        "`jira_project` the key of the project that gets the tickets)",
        "event alerts (event_alert): Alerts > Create Alert > Issues, and as its action send a notification "
        "via the integration; its tickets start work, whatever else Sentry sends is counted unless "
        "`starts_work` names it: event_alert, metric_alert, issue, error",
        "metric alerts, if you want them: Alerts > Create Alert, a metric, and the same action",
        "press Send Test Notification in the alert rule to try it",
    )


def _slack_steps(kit: Kit) -> tuple[str, ...]:
    file = kit.folder / SERVICES["slack"].file
    return (
        f"at https://api.slack.com/apps create an app from the manifest {file}",
        "install it to the workspace; note the bot token (xoxb-) and the signing secret",
        "invite the bot to the channel that approvals go to",
        f"slipway connect slack --env {kit.environment} --store (before Slack verifies the events address)",
        "in Event Subscriptions press Retry until the address is verified",
    )


def _jira_webhook(kit: Kit) -> Mapping[str, JsonValue]:
    return {
        "name": f"Slipway {kit.environment}",
        "url": f"{kit.api_url}/webhooks/jira",
        "events": list(JIRA_EVENTS),
        "jql": "",
    }


def _sentry_integration(kit: Kit) -> Mapping[str, JsonValue]:
    """The fields of Sentry's form, named as in its API."""
    return {
        "name": f"Slipway {kit.environment}",
        "isInternal": True,
        "isAlertable": True,
        "webhookUrl": f"{kit.api_url}/webhooks/sentry",
        "scopes": ["event:read"],
        "events": list(SENTRY_EVENTS),
    }


SERVICES: Mapping[str, Service] = {
    service.name: service
    for service in (
        Service(
            name="github",
            connection=GitHubConnection,
            file="github-app-manifest.json",
            content=lambda kit: github_app.manifest(
                environment=kit.environment, api_url=kit.api_url, agents=kit.agents
            ),
            steps=_github_steps,
            signs_with_ours=True,
        ),
        Service(
            name="jira",
            connection=JiraConnection,
            file="jira-webhook.json",
            content=_jira_webhook,
            steps=_jira_steps,
            signs_with_ours=True,
        ),
        Service(
            name="sentry",
            connection=SentryConnection,
            file="sentry-integration.json",
            content=_sentry_integration,
            steps=_sentry_steps,
        ),
        Service(
            name="slack",
            connection=SlackConnection,
            file="slack-app-manifest.json",
            content=lambda kit: slack_app.manifest(environment=kit.environment, api_url=kit.api_url),
            steps=_slack_steps,
        ),
    )
}
