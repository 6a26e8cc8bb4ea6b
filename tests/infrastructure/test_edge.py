"""What stands before the API, and that there is no other way in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from syrupy.assertion import SnapshotAssertion

from slipway.domain.intake.delivery import BODY_LIMIT
from slipway.domain.origin_proof import HEADER
from stacks.config import ENVIRONMENTS, Domain, EnvironmentConfig, GoogleSignIn, People
from stacks.constructs.web_acl_rules import TOO_BIG
from stacks.edge import EdgeStack
from stacks.intake import PEOPLE_ROUTES, ROUTES
from stacks.packaging.bundles import PlaceholderBundles
from stacks.platform import build_platform
from tests.infrastructure.samples import DEV, Resource, pipeline, resources

PROD = ENVIRONMENTS["prod"]
CERTIFICATE = "arn:aws:acm:{region}:111122223333:certificate/0a1b2c3d"
MACHINES = {f"{method.value} {path}" for method, path, _ in ROUTES}
PEOPLE = {f"{method.value} {path}" for method, path, _ in PEOPLE_ROUTES}


def intake(folder: Path, config: EnvironmentConfig) -> assertions.Template:
    app = cdk.App(outdir=str(folder / "cdk.out"))
    build_platform(app, config=config, bundles=PlaceholderBundles(folder / "assets"), agents=pipeline())
    stack = app.node.find_child(f"Slipway-{config.name}-Intake")
    assert isinstance(stack, cdk.Stack)
    return assertions.Template.from_stack(stack)


@pytest.fixture(scope="module")
def prod(tmp_path_factory: pytest.TempPathFactory) -> assertions.Template:
    config = replace(PROD, people=People(approvers=("ada@example.com",), readers=("@example.com",)))
    return intake(tmp_path_factory.mktemp("prod"), config)


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory) -> assertions.Template:
    return intake(tmp_path_factory.mktemp("dev"), DEV)


@pytest.fixture(scope="module")
def acl() -> assertions.Template:
    return assertions.Template.from_stack(EdgeStack(cdk.App(), "Edge", config=PROD))


def routes(template: assertions.Template) -> dict[str, Resource]:
    return {str(each["RouteKey"]): each for each in resources(template, "AWS::ApiGatewayV2::Route").values()}


def only(template: assertions.Template, kind: str) -> Resource:
    (found,) = resources(template, kind).values()
    return found


def distribution(template: assertions.Template) -> Mapping[str, object]:
    config = only(template, "AWS::CloudFront::Distribution")["DistributionConfig"]
    assert isinstance(config, dict)
    return config


def test_the_web_acl_becomes_exactly_these_resources(
    acl: assertions.Template, template_snapshot: SnapshotAssertion
) -> None:
    assert acl.to_json() == template_snapshot


def test_the_front_door_becomes_exactly_these_resources(
    prod: assertions.Template, template_snapshot: SnapshotAssertion
) -> None:
    kinds = ("AWS::CloudFront::", "AWS::Cognito::", "AWS::ApiGatewayV2::Authorizer")
    parts = {
        logical_id: resource
        for logical_id, resource in prod.to_json()["Resources"].items()
        if resource["Type"].startswith(kinds)
    }
    assert parts == template_snapshot


def test_the_web_acl_is_where_cloudfront_reads_it_and_is_read_from_there(prod: assertions.Template) -> None:
    assert EdgeStack(cdk.App(), "Edge", config=PROD).region == "us-east-1"
    acl_id = distribution(prod)["WebACLId"]
    assert isinstance(acl_id, dict)
    output = acl_id["Fn::GetStackOutput"]
    assert (output["StackName"], output["Region"]) == ("Slipway-prod-Edge", "us-east-1")


def rules(acl: assertions.Template) -> dict[str, Mapping[str, object]]:
    listed = only(acl, "AWS::WAFv2::WebACL")["Rules"]
    assert isinstance(listed, list)
    return {rule["Name"]: rule for rule in listed}


def test_an_address_that_sends_too_much_is_blocked(acl: assertions.Template) -> None:
    rule = rules(acl)["RateByAddress"]
    assert rule["Statement"] == {
        "RateBasedStatement": {"AggregateKeyType": "IP", "EvaluationWindowSec": 300, "Limit": 30_000}
    }
    assert "429" in json.dumps(rule["Action"])


def test_the_api_is_throttled_as_a_whole(prod: assertions.Template) -> None:
    settings = only(prod, "AWS::ApiGatewayV2::Stage")["DefaultRouteSettings"]
    assert isinstance(settings, dict)
    assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == (100, 200)


@pytest.mark.parametrize(
    ("length", "blocked"),
    [("0", False), ("999999", False), ("000999999", False), ("1000000", True), ("25000000", True)],
)
def test_a_body_of_a_million_bytes_or_more_is_blocked(length: str, blocked: bool) -> None:
    assert (re.search(TOO_BIG, length) is not None) is blocked
    assert BODY_LIMIT == 1_000_000


def test_no_managed_rule_that_reads_bodies_blocks(acl: assertions.Template) -> None:
    overridden = {
        override["Name"]: override["ActionToUse"]
        for rule in rules(acl).values()
        for override in json.loads(json.dumps(rule["Statement"]))
        .get("ManagedRuleGroupStatement", {})
        .get("RuleActionOverrides", [])
    }
    assert all(action == {"Count": {}} for action in overridden.values())
    assert set(overridden) == {
        *("SizeRestrictions_BODY", "EC2MetaDataSSRF_BODY", "GenericLFI_BODY", "GenericRFI_BODY"),
        *("CrossSiteScripting_BODY", "JavaDeserializationRCE_BODY", "Log4JRCE_BODY"),
    }


def test_the_log_of_the_web_acl_holds_nothing_that_proves_an_identity(acl: assertions.Template) -> None:
    fields = json.dumps(only(acl, "AWS::WAFv2::LoggingConfiguration")["RedactedFields"])
    for header in ("authorization", "x-hub-signature-256", "x-slack-signature"):
        assert f'"{header}"' in fields


def test_cloudfront_caches_nothing_and_adds_the_secret(prod: assertions.Template) -> None:
    (origin,) = json.loads(json.dumps(distribution(prod)["Origins"]))
    (header,) = origin["OriginCustomHeaders"]
    assert header["HeaderName"] == HEADER
    assert "{{resolve:secretsmanager:" in json.dumps(header["HeaderValue"])
    assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    behaviour = distribution(prod)["DefaultCacheBehavior"]
    assert isinstance(behaviour, dict)
    assert behaviour["ViewerProtocolPolicy"] == "https-only"
    assert behaviour["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # CachingDisabled


def test_every_route_has_somebody_who_asks(prod: assertions.Template) -> None:
    asked = {key: route["AuthorizationType"] for key, route in routes(prod).items()}
    assert asked == {**dict.fromkeys(MACHINES, "CUSTOM"), **dict.fromkeys(PEOPLE, "JWT")}


def test_the_authorizer_remembers_a_secret_for_an_hour_and_refuses_requests_without_one(
    prod: assertions.Template,
) -> None:
    prod.has_resource_properties(
        "AWS::ApiGatewayV2::Authorizer",
        {
            "AuthorizerType": "REQUEST",
            "IdentitySource": [f"$request.header.{HEADER}"],
            "AuthorizerResultTtlInSeconds": 3600,
            "EnableSimpleResponses": True,
        },
    )


def test_a_small_environment_has_neither_cloudfront_nor_authorizer_but_people_sign_in(
    dev: assertions.Template,
) -> None:
    dev.resource_count_is("AWS::CloudFront::Distribution", 0)
    asked = {key: route["AuthorizationType"] for key, route in routes(dev).items()}
    assert asked == {**dict.fromkeys(MACHINES, "NONE"), **dict.fromkeys(PEOPLE, "JWT")}


def test_the_access_log_holds_no_body_and_no_header(prod: assertions.Template) -> None:
    settings = only(prod, "AWS::ApiGatewayV2::Stage")["AccessLogSettings"]
    assert isinstance(settings, dict)
    fields = json.loads(settings["Format"])
    assert set(fields) >= {"ip", "route", "status"}
    assert not [value for value in fields.values() if "body" in value.lower() or "header" in value.lower()]


def test_nobody_signs_up_and_production_asks_for_a_second_factor(prod: assertions.Template) -> None:
    pool = only(prod, "AWS::Cognito::UserPool")
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("ON", ["SOFTWARE_TOKEN_MFA"])
    assert pool["DeletionProtection"] == "ACTIVE"


def test_the_console_keeps_no_secret(prod: assertions.Template) -> None:
    client = only(prod, "AWS::Cognito::UserPoolClient")
    assert client["GenerateSecret"] is False
    assert client["AllowedOAuthFlows"] == ["code"]
    assert "localhost" not in json.dumps(client["CallbackURLs"])


def test_the_people_of_the_environment_are_a_setting(prod: assertions.Template) -> None:
    (function,) = (
        each
        for each in resources(prod, "AWS::Lambda::Function").values()
        if each["FunctionName"] == "slipway-prod-tasks-api"
    )
    variables = json.loads(json.dumps(function["Environment"]))["Variables"]
    assert (variables["SLIPWAY_APPROVERS"], variables["SLIPWAY_READERS"]) == (
        "ada@example.com",
        "@example.com",
    )


def test_google_signs_in_where_it_is_configured(tmp_path: Path) -> None:
    template = intake(tmp_path, replace(DEV, google=GoogleSignIn(client_id="1-x.apps.googleusercontent.com")))
    provider = only(template, "AWS::Cognito::UserPoolIdentityProvider")
    assert provider["ProviderName"] == "Google"
    assert "SecretString:client_secret" in json.dumps(provider["ProviderDetails"])
    assert only(template, "AWS::Cognito::UserPoolClient")["SupportedIdentityProviders"] == [
        "COGNITO",
        "Google",
    ]


def domain(region: str, zone: str = "Z0123456789ABC") -> Domain:
    return Domain(
        name="slipway.example.com",
        certificate_arn=CERTIFICATE.format(region=region),
        hosted_zone_id=zone,
    )


def test_cloudfront_answers_under_the_domain_of_the_environment(tmp_path: Path) -> None:
    template = intake(tmp_path, replace(PROD, domain=domain("us-east-1")))
    assert distribution(template)["Aliases"] == ["slipway.example.com"]
    assert "TLSv1.2_2021" in json.dumps(distribution(template)["ViewerCertificate"])
    records = resources(template, "AWS::Route53::RecordSet").values()
    assert {(each["Name"], each["Type"]) for each in records} == {
        ("slipway.example.com.", "A"),
        ("slipway.example.com.", "AAAA"),
    }
    outputs = template.find_outputs("ApiUrl")
    assert outputs["ApiUrl"]["Value"] == "https://slipway.example.com"


def test_an_api_with_a_domain_and_no_edge_answers_under_that_name_only(tmp_path: Path) -> None:
    template = intake(tmp_path, replace(DEV, domain=domain("eu-west-1", zone="")))
    assert only(template, "AWS::ApiGatewayV2::Api")["DisableExecuteApiEndpoint"] is True
    assert only(template, "AWS::ApiGatewayV2::DomainName")["DomainName"] == "slipway.example.com"
    template.resource_count_is("AWS::Route53::RecordSet", 0)


@pytest.mark.parametrize("name", sorted(ENVIRONMENTS))
@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1"])
def test_every_environment_synthesizes_in_every_region(tmp_path: Path, name: str, region: str) -> None:
    app = cdk.App(outdir=str(tmp_path / "cdk.out"))
    config = replace(ENVIRONMENTS[name], region=region)
    build_platform(app, config=config, bundles=PlaceholderBundles(tmp_path / "assets"), agents=pipeline())
    assembly = app.synth()
    assert {stack.environment.region for stack in assembly.stacks} == set(config.regions)
    assert "missing" not in json.loads((tmp_path / "cdk.out" / "manifest.json").read_text())
