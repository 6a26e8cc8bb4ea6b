"""Connects the deployed cloud with the doubles: secrets, webhooks, and the sample organisation."""

from __future__ import annotations

import json
import secrets
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
from pydantic import BaseModel, Field, SecretStr

from local import sample_org
from local.forge.actions.libraries import prepare_for_commit
from local.supervisor.addresses import Addresses
from local.supervisor.deploy import ENVIRONMENT
from local.supervisor.emulator_client import checked, emulator_session
from local.supervisor.layout import Layout
from slipway.domain.connections import GitHubConnection, JiraConnection, SentryConnection, SlackConnection

ORGANIZATION = sample_org.ORGANIZATION
PROJECT = "ENG"
REPORTER = ("dana@acme.example", "dana")
"""Who files tickets on the laptop: email and API token of a person in the local Jira."""
APPROVER = "U0APPROVER"
CHANNEL = "slipway"


class RepositoryRefused(Exception):
    """A folder is no repository, or its name cannot be one."""


class Identities(BaseModel, frozen=True):
    """Credentials that the doubles gave out; kept in the state folder, mode 600."""

    github: GitHubConnection
    jira: JiraConnection
    slack: SlackConnection
    sentry: SentryConnection = Field(default_factory=lambda: _sentry())

    def at(self, addresses: Addresses) -> Identities:
        """The same, where the doubles answer now: a port that was taken meanwhile is another one."""
        return Identities(
            github=self.github.model_copy(update={"api_url": _github_api(addresses.forge)}),
            jira=self.jira.model_copy(update={"base_url": addresses.jira}),
            slack=self.slack.model_copy(update={"api_url": _slack_api(addresses.slack)}),
            sentry=self.sentry,
        )


def create_identities(layout: Layout, addresses: Addresses) -> Identities:
    """Register our app, bot and users with the doubles once; later starts reuse them."""
    store = layout.credentials / "identities.json"
    if store.exists():
        identities = Identities.model_validate_json(store.read_text()).at(addresses)
    else:
        with httpx.Client(timeout=30) as http:
            identities = Identities(
                github=_github(http, addresses.forge),
                jira=_jira(http, addresses.jira),
                slack=_slack(http, addresses.slack),
            )
    _write_private(store, _plain(identities))
    _write_private(layout.credentials / "gateway-github.json", _plain(identities.github))
    _write_private(layout.credentials / "gateway-jira.json", _plain(identities.jira))
    return identities


def connect(
    *, addresses: Addresses, identities: Identities, api_url: str, say: Callable[[str], None]
) -> None:
    """Fill the deployed secrets, point every webhook at the deployed API, load the sample organisation."""
    client = emulator_session().client("secretsmanager", endpoint_url=checked(addresses.emulator))
    for name, connection in (
        ("github", identities.github),
        ("jira", identities.jira),
        ("slack", identities.slack),
        ("sentry", identities.sentry),
    ):
        secret = f"slipway/{ENVIRONMENT}/{name}"
        client.put_secret_value(SecretId=secret, SecretString=json.dumps(_plain(connection)))
    say("secrets filled")
    with httpx.Client(timeout=60) as http:
        _put(
            http,
            f"{addresses.forge}/_admin/webhook",
            url=f"{api_url}/webhooks/github",
            secret=_first(identities.github.webhook_secrets),
            events=["*"],
        )
        _put(
            http,
            f"{addresses.jira}/_admin/webhook",
            url=f"{api_url}/webhooks/jira",
            secret=_first(identities.jira.webhook_secrets),
            events=["jira:issue_created", "jira:issue_updated", "comment_created", "comment_updated"],
        )
        _put(
            http,
            f"{addresses.slack}/_admin/app",
            signing_secret=_first(identities.slack.signing_secrets),
            bot_token=identities.slack.bot_token.get_secret_value(),
            commands_url=f"{api_url}/slack/commands",
            interactivity_url=f"{api_url}/slack/interactivity",
            events_url=f"{api_url}/slack/events",
        )
        _put(
            http,
            f"{addresses.sentry}/_admin/integration",
            url=f"{api_url}/webhooks/sentry",
            secret=_first(identities.sentry.webhook_secrets),
            organization=ORGANIZATION,
        )
        say("webhooks point to the deployed API")
        _import_sample(http, addresses.forge)
    say("sample organisation in the forge")


def import_repository(addresses: Addresses, source: Path, *, name: str | None = None) -> str:
    """Add a repository of the user's to the forge, or renew it when its HEAD moved; returns `owner/name`."""
    name = name or source.resolve().name
    with httpx.Client(timeout=60) as http:
        known = http.get(f"{addresses.forge}/api/v3/repos/{ORGANIZATION}/{name}")
        if known.status_code == 404:
            return _import(http, addresses.forge, source=source, name=name)
        branch = known.raise_for_status().json()["default_branch"]
        head = http.get(f"{addresses.forge}/api/v3/repos/{ORGANIZATION}/{name}/commits/{branch}")
        if head.is_success and head.json()["sha"] == _head(source):
            return f"{ORGANIZATION}/{name}"
        return _import(http, addresses.forge, source=source, name=name, replace=True)


def prepare_libraries(layout: Layout, repository: str, *, say: Callable[[str], None]) -> None:
    """Fetch what a repository (`owner/name`) declares to need, before any work on it starts."""
    repositories = layout.service_state("forge") / "repositories"
    found = prepare_for_commit(
        layout.service_state("libraries"),
        bare=repositories / f"{repository}.git",
        sha="HEAD",
        repositories=repositories,
        toolchain=layout.toolchain,
    )
    for remark in found.remarks:
        say(f"libraries of {repository}: {remark}")
    if found.folder is not None:
        say(f"libraries of {repository} are in {found.folder}")


def prepare_sample_libraries(layout: Layout, *, say: Callable[[str], None]) -> None:
    """The same for the sample organisation."""
    for source in sample_org.repositories():
        prepare_libraries(layout, f"{ORGANIZATION}/{source.name}", say=say)


def _head(source: Path) -> str | None:
    """The commit that a clone of `source` would start from; None when it is a plain folder."""
    found = subprocess.run(
        ["git", "-C", str(source), "rev-parse", "HEAD"], capture_output=True, text=True, check=False
    )
    return found.stdout.strip() if found.returncode == 0 else None


def _import_sample(http: httpx.Client, forge: str) -> None:
    for source in sample_org.repositories():
        if http.get(f"{forge}/api/v3/repos/{ORGANIZATION}/{source.name}").status_code == 404:
            _import(http, forge, source=source, name=source.name)


def _import(http: httpx.Client, forge: str, *, source: Path, name: str, replace: bool = False) -> str:
    wanted = {"owner": ORGANIZATION, "name": name, "source": str(source.resolve())}
    answer = http.post(f"{forge}/_admin/repositories", json={**wanted, "protected": True, "replace": replace})
    if answer.is_error:
        raise RepositoryRefused(
            f"the forge cannot take {source}: {answer.json().get('message', answer.text)}"
        )
    return f"{ORGANIZATION}/{name}"


def _github(http: httpx.Client, forge: str) -> GitHubConnection:
    app = (
        http.post(f"{forge}/_admin/app", json={"slug": "slipway", "name": "Slipway"})
        .raise_for_status()
        .json()
    )
    return GitHubConnection(
        api_url=_github_api(forge),
        app_id=str(app["app_id"]),
        installation_id=str(app["installation_id"]),
        private_key=SecretStr(app["private_key"]),
        webhook_secrets=(SecretStr(app.get("webhook_secret") or secrets.token_hex(20)),),
        bot_login=app["bot_login"],
        organization=ORGANIZATION,
    )


def _jira(http: httpx.Client, jira: str) -> JiraConnection:
    token = secrets.token_hex(20)
    email = "slipway-bot@acme.example"
    bot = (
        http.post(
            f"{jira}/_admin/users",
            json={"email": email, "display_name": "Slipway", "token": token, "bot": True},
        )
        .raise_for_status()
        .json()
    )
    http.post(
        f"{jira}/_admin/users",
        json={"email": REPORTER[0], "display_name": "Dana Developer", "token": REPORTER[1], "bot": False},
    ).raise_for_status()
    http.post(f"{jira}/_admin/projects", json={"key": PROJECT, "name": "Engineering"}).raise_for_status()
    return JiraConnection(
        base_url=jira,
        cloud_id=bot["cloud_id"],
        email=email,
        api_token=SecretStr(token),
        webhook_secrets=(SecretStr(secrets.token_hex(20)),),
        bot_account_id=bot["account_id"],
    )


def _slack(http: httpx.Client, slack: str) -> SlackConnection:
    http.post(
        f"{slack}/_admin/users", json={"id": APPROVER, "name": "olive", "email": "olive@acme.example"}
    ).raise_for_status()
    http.post(f"{slack}/_admin/channels", json={"name": CHANNEL}).raise_for_status()
    return SlackConnection(
        api_url=_slack_api(slack),
        bot_token=SecretStr(f"xoxb-{secrets.token_hex(20)}"),
        signing_secrets=(SecretStr(secrets.token_hex(16)),),
        channel=CHANNEL,
        approvers={APPROVER: "olive"},
    )


def _github_api(forge: str) -> str:
    return f"{forge}/api/v3"


def _slack_api(slack: str) -> str:
    return f"{slack}/api/"


def _sentry() -> SentryConnection:
    return SentryConnection(webhook_secrets=(SecretStr(secrets.token_hex(32)),), jira_project=PROJECT)


def _put(http: httpx.Client, address: str, /, **body: object) -> None:
    http.put(address, json=body).raise_for_status()


def _first(values: tuple[SecretStr, ...]) -> str:
    return values[0].get_secret_value()


def _plain(model: BaseModel) -> Mapping[str, object]:
    """The model as JSON data with secrets readable: what a secret store holds."""
    document: Mapping[str, object] = json.loads(json.dumps(model.model_dump(), default=_reveal))
    return document


def _reveal(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    raise TypeError(f"{type(value).__name__} is not a secret")


def _write_private(path: Path, document: Mapping[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    path.write_text(json.dumps(document))
