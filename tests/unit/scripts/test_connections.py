from __future__ import annotations

import ast
import html
import json
import re
import stat
from pathlib import Path

import pytest

from agents.registry import AGENTS
from scripts.connect import asked_connection
from scripts.deployment import github_app, slack_app
from scripts.deployment.connections import (
    SENTRY_EVENTS,
    SERVICES,
    Kit,
    checked_connection,
    hidden_fields,
    write_kit,
)
from slipway.domain.agent_spec import AgentSpec, tools
from slipway.domain.connections import JiraConnection, SentryConnection
from slipway.domain.errors import InvalidInput, NotFound
from slipway.domain.intake.decisions import Command, Ignore
from slipway.domain.intake.delivery import Delivery, JsonObject
from slipway.domain.intake.github import decide
from slipway.domain.intake.sentry import decide as decide_sentry
from slipway.domain.intake.slack import decide_event
from stacks.data import CONNECTIONS

ROOT = Path(__file__).resolve().parents[3]
JIRA = {
    "base_url": "https://acme.atlassian.net",
    "cloud_id": "c",
    "email": "bot@acme.example",
    "api_token": "a-very-secret-token",
    "bot_account_id": "b",
}
WEB_API = re.compile(r"(auth|chat|conversations|files|reactions|users|views)_[a-zA-Z]+")


def kit(folder: Path) -> Kit:
    return Kit(environment="dev", api_url="https://api.example", folder=folder, agents=tuple(AGENTS.values()))


def test_the_github_app_asks_for_what_the_agents_tools_need_and_no_more() -> None:
    asked = github_app.permissions(AGENTS.values())
    assert asked["contents"] == "write"
    assert asked["actions"] == "read"
    assert "administration" not in asked
    assert "workflows" not in asked


def test_agents_that_only_read_make_an_app_that_writes_no_code() -> None:
    reader = AGENTS["discovery"]
    assert github_app.permissions([reader])["contents"] == "read"


def test_a_tool_whose_permission_is_unknown_stops_the_manifest() -> None:
    spec = AgentSpec(
        name="bold",
        purpose="",
        request=JiraConnection,
        response=JiraConnection,
        tools=tools("github", "fork_it"),
    )
    with pytest.raises(NotFound, match="github___fork_it"):
        github_app.permissions([spec])


@pytest.mark.parametrize("event", github_app.EVENTS)
def test_every_event_that_the_app_subscribes_to_is_read(event: str) -> None:
    """An event of no use is answered with "not for us" whatever is in it."""
    actions = {
        "issue_comment": "created",
        "pull_request": "opened",
        "pull_request_review": "submitted",
        "pull_request_review_comment": "created",
    }
    action = actions.get(event, "completed")
    payload: JsonObject = {"action": action, event: {"head_sha": "a" * 40}, "state": "success", "issue": {}}
    delivery = Delivery(headers={"x-github-event": event, "x-github-delivery": "d"}, body=b"")
    decision = decide(delivery, payload, bot_login="slipway[bot]")
    assert not (isinstance(decision, Ignore) and "is not for us" in decision.reason)


def test_the_slack_app_subscribes_to_mentions_which_are_read() -> None:
    for event in slack_app.EVENTS:
        said: JsonObject = {"type": event, "text": "<@U1> list", "user": "U2", "channel": "C1", "ts": "1.1"}
        decision = decide_event({"type": "event_callback", "event_id": "E1", "event": said})
        assert isinstance(decision, Command)


def test_the_slack_app_has_a_scope_for_every_method_that_is_called() -> None:
    called = set()
    sources = [*ROOT.glob("slipway/adapters/slack/**/*.py"), *ROOT.glob("lambdas/slack*/**/*.py")]
    for source in sources:
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Attribute) and WEB_API.fullmatch(node.attr):
                called.add(node.attr)
    assert called <= slack_app.METHOD_SCOPES.keys()
    assert {"chat_postMessage", "views_open"} <= called


def test_the_page_hands_exactly_the_manifest_to_github(tmp_path: Path) -> None:
    write_kit(kit(tmp_path))
    page = (tmp_path / "github-app.html").read_text()
    value = re.search(r'name="manifest" value="([^"]*)"', page)
    assert value is not None
    assert json.loads(html.unescape(value[1])) == json.loads(
        (tmp_path / "github-app-manifest.json").read_text()
    )


def test_every_generated_address_belongs_to_the_deployed_api(tmp_path: Path) -> None:
    written = write_kit(kit(tmp_path))
    text = "".join(path.read_text() for path in written.values())
    found = set(re.findall(r"https://api\.example(/[a-z/]+)", text))
    assert found == {
        "/webhooks/github",
        "/webhooks/jira",
        "/webhooks/sentry",
        "/slack/commands",
        "/slack/events",
        "/slack/interactivity",
    }


def test_webhook_secrets_are_private_and_survive_the_next_deploy(tmp_path: Path) -> None:
    write_kit(kit(tmp_path))
    path = tmp_path / "webhook-secrets.json"
    first = path.read_text()
    write_kit(kit(tmp_path))
    assert path.read_text() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_generated_webhook_secret_completes_a_connection(tmp_path: Path) -> None:
    write_kit(kit(tmp_path))
    text = checked_connection(
        SERVICES["jira"], json.dumps(JIRA), webhook_secrets=tmp_path / "webhook-secrets.json"
    )
    stored = JiraConnection.model_validate_json(text)
    assert len(stored.webhook_secrets[0].get_secret_value()) == 48
    assert stored.api_token.get_secret_value() == JIRA["api_token"]


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({**JIRA, "webhook_secrets": ["w"], "token": "x"}, "token"),
        ({key: value for key, value in JIRA.items() if key != "email"} | {"webhook_secrets": ["w"]}, "email"),
        ({**JIRA, "webhook_secrets": ["w"], "cloud_id": ""}, "cloud_id"),
        (JIRA, "webhook_secrets"),
    ],
)
def test_a_wrong_connection_is_refused_by_field_without_its_values(
    document: dict[str, object], named: str, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput, match=named) as refused:
        checked_connection(SERVICES["jira"], json.dumps(document), webhook_secrets=tmp_path / "none.json")
    assert "a-very-secret-token" not in str(refused.value)


def test_what_is_no_json_is_refused_without_showing_it(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_connection(SERVICES["jira"], "a-very-secret-token", webhook_secrets=tmp_path / "none.json")
    assert "a-very-secret-token" not in str(refused.value)


def test_sentrys_client_secret_is_not_one_that_we_make(tmp_path: Path) -> None:
    write_kit(kit(tmp_path))
    generated = tmp_path / "webhook-secrets.json"
    given = {"jira_project": "SHOP"}
    assert set(json.loads(generated.read_text())) == {"github", "jira"}
    with pytest.raises(InvalidInput, match="webhook_secrets"):
        checked_connection(SERVICES["sentry"], json.dumps(given), webhook_secrets=generated)
    text = checked_connection(
        SERVICES["sentry"],
        json.dumps({**given, "webhook_secrets": ["client-secret"]}),
        webhook_secrets=generated,
    )
    stored = SentryConnection.model_validate_json(text)
    assert stored.webhook_secrets[0].get_secret_value() == "client-secret"


def test_the_sentry_integration_can_be_chosen_by_alert_rules_and_reads_only(tmp_path: Path) -> None:
    integration = json.loads(write_kit(kit(tmp_path))["sentry"].read_text())
    assert integration["isAlertable"] is True
    assert integration["scopes"] == ["event:read"]


@pytest.mark.parametrize("resource", SENTRY_EVENTS)
def test_every_webhook_that_the_sentry_integration_asks_for_is_read(resource: str) -> None:
    delivery = Delivery(headers={"sentry-hook-resource": resource}, body=b"")
    decision = decide_sentry(delivery, {"action": "created", "data": {}})
    assert not isinstance(decision, Ignore)


def test_sentrys_client_secret_is_asked_for_where_a_made_one_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: dict[str, bool] = {}

    def prompt(name: str, *, hide_input: bool, err: bool) -> str:
        asked[name] = hide_input and err
        return "x"

    monkeypatch.setattr("typer.prompt", prompt)
    document = json.loads(asked_connection(SERVICES["sentry"]))
    assert document == {"webhook_secrets": ["x"], "jira_project": "x"}
    assert asked == {"webhook secrets": True, "jira project": False}
    assert "webhook_secrets" not in json.loads(asked_connection(SERVICES["jira"]))


def test_every_connection_of_an_environment_can_be_stored() -> None:
    assert set(SERVICES) == set(CONNECTIONS)


def test_secret_fields_are_typed_without_being_shown() -> None:
    assert set(hidden_fields(SERVICES["github"])) == {"private_key", "webhook_secrets"}
    assert set(hidden_fields(SERVICES["slack"])) == {"bot_token", "signing_secrets"}
