"""GitHub, Jira and Slack as this repository plays them, and the connections to them."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from github import Auth, Github
from pydantic import SecretStr

from local import double
from local.forge.app import create_app
from local.forge.forge import Forge as LocalForge
from local.forge.forge import Settings as ForgeSettings
from local.jira.app import build as build_jira
from local.slack.app import build as build_slack
from slipway.adapters.github.forge import GitHubForge
from slipway.adapters.memory.secrets import MemorySecrets
from slipway.domain.connections import GitHubConnection, JiraConnection, SlackConnection

REPOSITORY = "acme/pricing"
BRANCH = "feature/eng-1"
WORKFLOW = "name: ci\non: push\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n      - run: 'true'\n"


@dataclass
class RunningForge:
    """A started forge with one repository, and the App installed in it."""

    url: str
    http: httpx.Client
    secrets: MemorySecrets
    port: GitHubForge
    person: Github


@contextlib.contextmanager
def running_forge(folder: Path) -> Iterator[RunningForge]:
    source = folder / "pricing"
    _repository(source)
    with (
        double.serving(
            lambda url: create_app(LocalForge(ForgeSettings(state=folder / "state", base_url=url)))
        ) as url,
        httpx.Client(base_url=f"{url}/_admin", verify=False, timeout=30) as http,
    ):
        app = http.post("/app", json={"slug": "slipway", "name": "Slipway"}).raise_for_status().json()
        http.post(
            "/repositories",
            json={"owner": "acme", "name": "pricing", "source": str(source), "protected": False},
        ).raise_for_status()
        person = http.post("/users", json={"login": "grace", "permission": "write"}).raise_for_status().json()
        http.post("/users", json={"login": "mallory", "permission": "read"}).raise_for_status()
        connection = GitHubConnection(
            api_url=f"{url}/api/v3",
            app_id=str(app["app_id"]),
            installation_id=str(app["installation_id"]),
            private_key=SecretStr(app["private_key"]),
            webhook_secrets=(),
            bot_login=app["bot_login"],
            organization="acme",
        )
        secrets = MemorySecrets(github_connection=connection)
        with (
            contextlib.closing(GitHubForge(secrets=secrets)) as port,
            contextlib.closing(
                Github(
                    auth=Auth.Token(person["token"]),
                    base_url=f"{url}/api/v3",
                    seconds_between_requests=None,
                    seconds_between_writes=None,
                )
            ) as person_client,
        ):
            yield RunningForge(url=url, http=http, secrets=secrets, port=port, person=person_client)


def _repository(source: Path) -> None:
    files = {
        "src/price.py": "def price():\n    return 1\n",
        "tests/test_price.py": "def test_price():\n    assert price() == 1\n",
        ".github/workflows/ci.yml": WORKFLOW,
    }
    for name, text in files.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git = ["git", "-C", str(source), "-c", "user.name=Grace", "-c", "user.email=grace@acme.test"]
    subprocess.run(["git", "init", "-q", "-b", "main", str(source)], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "start"], check=True)


@contextlib.contextmanager
def running_jira(folder: Path) -> Iterator[tuple[MemorySecrets, httpx.Client]]:
    with (
        double.serving(lambda url: build_jira(folder, url=url, retry_seconds=[])) as url,
        httpx.Client(base_url=url, verify=False, timeout=30) as http,
    ):
        user = {"email": "bot@acme.test", "display_name": "Slipway", "token": "t0", "bot": True}
        bot = http.post("/_admin/users", json=user).raise_for_status().json()
        http.post("/_admin/projects", json={"key": "ENG", "name": "Engineering"}).raise_for_status()
        http.auth = httpx.BasicAuth("bot@acme.test", "t0")
        connection = JiraConnection(
            base_url=url,
            cloud_id=bot["cloud_id"],
            email="bot@acme.test",
            api_token=SecretStr("t0"),
            webhook_secrets=(),
            bot_account_id=bot["account_id"],
        )
        yield MemorySecrets(jira_connection=connection), http


@contextlib.contextmanager
def running_slack(folder: Path) -> Iterator[tuple[MemorySecrets, httpx.Client]]:
    with (
        double.serving(lambda url: build_slack(folder, url=url, retry_seconds=[])) as url,
        httpx.Client(base_url=url, verify=False, timeout=30) as http,
    ):
        http.put(
            "/_admin/app",
            json={
                "signing_secret": "s",
                "bot_token": "xoxb-test",
                "commands_url": "http://127.0.0.1:9/commands",
                "interactivity_url": "http://127.0.0.1:9/interactivity",
                "events_url": "http://127.0.0.1:9/events",
            },
        ).raise_for_status()
        http.post("/_admin/users", json={"id": "U1", "name": "ada"}).raise_for_status()
        http.post("/_admin/channels", json={"name": "plans"}).raise_for_status()
        connection = SlackConnection(
            api_url=f"{url}/api/",
            bot_token=SecretStr("xoxb-test"),
            signing_secrets=(),
            channel="plans",
            approvers={"U1": "Ada"},
        )
        yield MemorySecrets(slack_connection=connection), http
