"""Every alarm tells people what to do, whoever made it; every change of a task can be heard."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from aws_cdk import assertions

from slipway.domain import names
from stacks.config import ENVIRONMENTS
from stacks.config.model import Alerts
from stacks.functions import FUNCTIONS
from tests.infrastructure.samples import PIPELINE, Resource, pipeline, platform, resources

RUNBOOKS = Path(__file__).resolve().parents[2] / "docs" / "runbooks"
SECTIONS = ["What it means", "Look first", "Do", "When to escalate"]
Templates = dict[str, assertions.Template]


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    people = Alerts(emails=("ops@example.com",), slack_channel="#alerts", runbooks_url="https://docs.example")
    config = replace(ENVIRONMENTS["prod"], alerts=people)
    return platform(tmp_path_factory.mktemp("production"), agents=pipeline(), config=config)


@pytest.fixture(scope="module")
def development(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return platform(tmp_path_factory.mktemp("development"), agents=pipeline())


def alarms(templates: Templates) -> dict[str, Resource]:
    return {
        str(alarm["AlarmName"]): alarm
        for template in templates.values()
        for alarm in resources(template, "AWS::CloudWatch::Alarm").values()
    }


def runbooks_of(templates: Templates) -> set[str]:
    said = (str(alarm["AlarmDescription"]) for alarm in alarms(templates).values())
    return {text.rpartition("Runbook: docs/runbooks/")[2] for text in said}


@pytest.mark.parametrize("environment", ["development", "production"])
def test_every_alarm_tells_the_topic_when_it_begins_and_when_it_is_over(
    environment: str, request: pytest.FixtureRequest
) -> None:
    templates: Templates = request.getfixturevalue(environment)
    for name, alarm in alarms(templates).items():
        assert "AlertsTopic" in json.dumps(alarm["AlarmActions"]), name
        assert alarm["AlarmActions"] == alarm["OKActions"], name


@pytest.mark.parametrize("environment", ["development", "production"])
def test_every_alarm_names_a_runbook_that_exists(environment: str, request: pytest.FixtureRequest) -> None:
    templates: Templates = request.getfixturevalue(environment)
    assert sorted(name for name in runbooks_of(templates) if not (RUNBOOKS / name).is_file()) == []


def test_every_runbook_has_the_same_sections() -> None:
    pages = [page for page in RUNBOOKS.glob("*.md") if page.name != "README.md"]
    assert pages
    for page in pages:
        assert re.findall(r"^## (.+)$", page.read_text(), re.MULTILINE) == SECTIONS, page.name


def test_every_function_of_production_is_watched(production: Templates) -> None:
    known = set(alarms(production))
    for folder, function in FUNCTIONS.items():
        name = names.function("prod", folder)
        wanted = {f"{name}-{symptom}" for symptom in ("errors", "throttles", "duration")}
        assert wanted <= known
        assert (f"{name}-dead-letters" in known) == function.asynchronous


def test_development_watches_all_functions_at_once(development: Templates) -> None:
    known = set(alarms(development))
    assert {"slipway-dev-functions-errors", "slipway-dev-functions-throttles"} <= known
    assert names.function("dev", "preflight") + "-errors" not in known


def test_every_agent_is_watched_as_its_spec_says(production: Templates) -> None:
    known = alarms(production)
    for agent in PIPELINE:
        thresholds = {
            symptom: known[f"slipway-prod-{agent}-{symptom}"]["Threshold"]
            for symptom in ("errors", "latency", "cost")
        }
        assert thresholds == {"errors": 5, "latency": 600, "cost": 20}


@pytest.mark.parametrize(
    "name",
    [
        "slipway-prod-api-errors",
        "slipway-prod-api-refusals",
        "slipway-prod-rejected-deliveries",
        "slipway-prod-dispatch-tasks-stream-lag",
        "slipway-prod-publish-task-changes-stream-lag",
        "slipway-prod-ticket-failed",
        "slipway-prod-ticket-timed-out",
        "slipway-prod-ticket-throttled",
        "slipway-prod-reconcile-silence",
    ],
)
def test_what_must_never_stop_unnoticed_has_an_alarm(production: Templates, name: str) -> None:
    assert name in alarms(production)


def test_a_reconciler_that_is_not_called_counts_as_trouble(production: Templates) -> None:
    assert alarms(production)["slipway-prod-reconcile-silence"]["TreatMissingData"] == "breaching"


def test_people_hear_by_slack_and_by_mail(production: Templates) -> None:
    found = resources(production["Operations"], "AWS::SNS::Subscription").values()
    assert sorted(str(each["Protocol"]) for each in found) == ["email", "lambda"]
    variables = json.dumps(resources(production["Operations"], "AWS::Lambda::Function"))
    assert all(f'"{each}"' in variables for each in ("#alerts", "https://docs.example"))


def test_alerts_are_encrypted_with_a_key_that_alarms_may_use(production: Templates) -> None:
    (topic,) = resources(production["Operations"], "AWS::SNS::Topic").values()
    assert "AlertsKey" in json.dumps(topic["KmsMasterKeyId"])
    (key,) = resources(production["Operations"], "AWS::KMS::Key").values()
    assert "cloudwatch.amazonaws.com" in json.dumps(key["KeyPolicy"])


def test_the_bus_keeps_what_happened_as_long_as_the_environment_says(
    production: Templates, development: Templates
) -> None:
    kept = {
        name: next(iter(resources(templates["Operations"], "AWS::Events::Archive").values()))["RetentionDays"]
        for name, templates in (("prod", production), ("dev", development))
    }
    assert kept == {"prod": ENVIRONMENTS["prod"].event_days, "dev": ENVIRONMENTS["dev"].event_days}


def test_only_the_publisher_may_publish_and_on_this_bus_only(production: Templates) -> None:
    policies = resources(production["Operations"], "AWS::IAM::Policy")
    holders = [name for name, policy in policies.items() if "events:PutEvents" in json.dumps(policy)]
    assert [name.startswith("PublishTaskChanges") for name in holders] == [True]


def test_there_is_one_dashboard_and_it_shows_every_agent_and_function(production: Templates) -> None:
    found = [
        each
        for template in production.values()
        for each in resources(template, "AWS::CloudWatch::Dashboard").values()
    ]
    (dashboard,) = found
    shown = json.dumps(dashboard)
    assert not [agent for agent in PIPELINE if f"Agent {agent}" not in shown]
    assert not [folder for folder in FUNCTIONS if names.function("prod", folder) not in shown]
