"""An environment is one row of data; whatever does not fit is said at once, with what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stacks.config import (
    ENVIRONMENTS,
    Alerts,
    Budgets,
    Domain,
    EnvironmentConfig,
    GoogleSignIn,
    InvalidEnvironment,
    People,
    Throttle,
    UnknownEnvironment,
    check,
    environment_config,
    findings,
)
from stacks.config.validation import LOG_DAYS
from stacks.constructs.retention import retention_days

PROD = ENVIRONMENTS["prod"]
CERTIFICATE = "arn:aws:acm:{region}:111122223333:certificate/0a1b2c3d"


@pytest.mark.parametrize("name", sorted(ENVIRONMENTS))
@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1", "ap-southeast-2"])
def test_every_environment_fits_in_every_region(name: str, region: str) -> None:
    assert environment_config(name, region=region).region == region


def test_an_environment_nobody_defined_is_refused_by_name() -> None:
    with pytest.raises(UnknownEnvironment, match=r"'qa'.*dev, staging, prod"):
        environment_config("qa")


def test_a_region_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidEnvironment, match=r"region = 'ireland': name an AWS region"):
        environment_config("dev", region="ireland")


def test_production_keeps_its_logs_ninety_days_and_its_data() -> None:
    assert PROD.log_days == 90
    assert PROD.keeps_data
    assert PROD.customer_keys
    assert PROD.edge
    assert PROD.web_acl


def test_all_mistakes_are_said_at_once() -> None:
    broken = replace(
        PROD,
        region="mars-1",
        log_days=33,
        max_running_per_repository=50,
        budgets=Budgets(task=20.0, day=10.0, month=5.0),
        alerts=Alerts(emails=("nobody",)),
    )
    with pytest.raises(InvalidEnvironment) as caught:
        check(broken)
    assert {each.field for each in caught.value.findings} == {
        *("region", "log_days", "max_running_per_repository", "budgets", "alerts.emails"),
    }
    assert "has 6 mistakes" in str(caught.value)
    assert all(each.remedy for each in caught.value.findings)


@pytest.mark.parametrize(
    ("config", "field"),
    [
        (replace(PROD, name="Production"), "name"),
        (replace(PROD, model_tiers={"deep": "opus"}), "model_tiers[deep]"),
        (replace(PROD, model_tiers={"deep": "us.anthropic.claude-opus-5-5"}), "model_tiers[deep]"),
        (replace(PROD, evaluation_percent=101.0), "evaluation_percent"),
        (replace(PROD, archive_days=1), "archive_days"),
        (replace(PROD, session_days=0), "session_days"),
        (replace(PROD, approval_hours=0.0), "approval_hours"),
        (replace(PROD, heartbeat_seconds=90), "heartbeat_timeout_seconds"),
        (replace(PROD, throttle=Throttle(per_second=10, burst=1)), "throttle"),
        (replace(PROD, edge=False), "web_acl"),
        (replace(PROD, google=GoogleSignIn(client_id="me")), "google.client_id"),
        (replace(PROD, people=People(approvers=("ada",))), "people.approvers"),
        (replace(PROD, people=People(readers=("@example",))), "people.readers"),
        (replace(PROD, alerts=Alerts(slack_channel="a b")), "alerts.slack_channel"),
        (replace(PROD, customer_keys=False), "customer_keys"),
        (replace(PROD, keeps_data=False), "keeps_data"),
        (replace(PROD, log_days=30), "log_days"),
        (replace(PROD, model_provider="deterministic"), "model_provider"),
    ],
)
def test_each_mistake_names_its_field(config: EnvironmentConfig, field: str) -> None:
    assert [each.field for each in findings(config)] == [field]


@pytest.mark.parametrize(("edge", "region"), [(True, "us-east-1"), (False, "eu-west-1")])
def test_a_certificate_must_be_where_its_reader_is(edge: bool, region: str) -> None:
    config = replace(PROD, edge=edge, web_acl=edge)
    other = {"us-east-1": "eu-west-1", "eu-west-1": "us-east-1"}[region]
    fits, misplaced = (
        Domain(name="slipway.example.com", certificate_arn=CERTIFICATE.format(region=where))
        for where in (region, other)
    )
    assert not findings(replace(config, domain=fits))
    (found,) = findings(replace(config, domain=misplaced))
    assert found.field == "domain.certificate_arn"
    assert region in found.remedy


def test_a_domain_and_its_zone_are_checked() -> None:
    domain = Domain(
        name="not a name", certificate_arn=CERTIFICATE.format(region="us-east-1"), hosted_zone_id="zone"
    )
    assert [each.field for each in findings(replace(PROD, domain=domain))] == [
        "domain.name",
        "domain.hosted_zone_id",
    ]


def test_every_retention_that_is_allowed_has_a_name_in_cloudwatch() -> None:
    assert [retention_days(days) for days in LOG_DAYS]


def test_an_environment_with_a_web_acl_is_in_the_region_of_the_edge_too() -> None:
    assert PROD.regions == ("eu-west-1", "us-east-1")
    assert replace(PROD, region="us-east-1").regions == ("us-east-1",)
    assert ENVIRONMENTS["dev"].regions == ("eu-west-1",)
