"""What is stored can be restored, is forgotten in time, and is opened only by those who may."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_iam as iam
from syrupy.assertion import SnapshotAssertion

from stacks.config import ENVIRONMENTS, EnvironmentConfig
from stacks.constructs.data_keys import DataClass
from stacks.data import DataStack
from tests.infrastructure.samples import DEV, Resource, resources

PROD = ENVIRONMENTS["prod"]
TABLES = {"Tasks", "Chat", "Errors", "Ledger"}
BUCKETS = {"Artifacts", "Sessions", "Console"}


def stack(config: EnvironmentConfig, *classes: DataClass) -> DataStack:
    return DataStack(cdk.App(), "Data", config=config, classes=classes)


def data(config: EnvironmentConfig, *classes: DataClass) -> assertions.Template:
    return assertions.Template.from_stack(stack(config, *classes))


@pytest.fixture(scope="module")
def prod() -> assertions.Template:
    return data(PROD)


def named(template: assertions.Template, kind: str) -> dict[str, Resource]:
    """Properties by construct id, which is the logical id without its hash."""
    return {logical_id[:-8]: properties for logical_id, properties in resources(template, kind).items()}


def test_the_stores_of_production_become_exactly_these_resources(
    prod: assertions.Template, template_snapshot: SnapshotAssertion
) -> None:
    assert prod.to_json() == template_snapshot


def test_every_table_can_be_restored_and_forgets(prod: assertions.Template) -> None:
    tables = named(prod, "AWS::DynamoDB::Table")
    assert set(tables) == TABLES
    for name, table in tables.items():
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}, name
        assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}, name


def test_only_what_wakes_somebody_is_followed(prod: assertions.Template) -> None:
    tables = named(prod, "AWS::DynamoDB::Table")
    assert {name for name, table in tables.items() if "StreamSpecification" in table} == {"Tasks", "Errors"}


@pytest.mark.parametrize(("name", "protected"), [("dev", False), ("staging", True), ("prod", True)])
def test_tables_refuse_deletion_where_data_is_kept(name: str, protected: bool) -> None:
    template = data(ENVIRONMENTS[name])
    tables = resources(template, "AWS::DynamoDB::Table").values()
    assert {each["DeletionProtectionEnabled"] for each in tables} == {protected}
    for kind in ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SecretsManager::Secret", "AWS::KMS::Key"):
        policies = {each["DeletionPolicy"] for each in template.find_resources(kind).values()}
        assert policies <= {"Retain" if protected else "Delete"}, kind


def test_every_bucket_keeps_versions_and_nothing_is_public(prod: assertions.Template) -> None:
    buckets = named(prod, "AWS::S3::Bucket")
    assert set(buckets) == BUCKETS
    for name, bucket in buckets.items():
        assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}, name
        blocked = bucket["PublicAccessBlockConfiguration"]
        assert isinstance(blocked, dict)
        assert set(blocked.values()) == {True}, name


def test_every_bucket_refuses_what_is_not_sent_by_tls(prod: assertions.Template) -> None:
    policies = named(prod, "AWS::S3::BucketPolicy")
    assert set(policies) == {f"{name}Policy" for name in BUCKETS}
    for name, policy in policies.items():
        text = json.dumps(policy["PolicyDocument"])
        assert '"aws:SecureTransport": "false"' in text, name
        assert '"s3:TlsVersion": 1.2' in text, name


def rules(template: assertions.Template, bucket: str) -> dict[str, Mapping[str, object]]:
    lifecycle = named(template, "AWS::S3::Bucket")[bucket]["LifecycleConfiguration"]
    assert isinstance(lifecycle, dict)
    return {rule["Id"]: rule for rule in lifecycle["Rules"]}


def test_old_work_moves_to_glacier_where_the_environment_says_so(prod: assertions.Template) -> None:
    assert rules(prod, "Artifacts")["old-work-is-seldom-read"]["Transitions"] == [
        {"StorageClass": "GLACIER_IR", "TransitionInDays": 90}
    ]
    assert "old-work-is-seldom-read" not in rules(data(DEV), "Artifacts")


def test_sessions_end(prod: assertions.Template) -> None:
    assert rules(prod, "Sessions")["sessions-end"]["ExpirationInDays"] == 30


def test_a_small_environment_pays_for_no_key() -> None:
    template = data(DEV, "internal", "health")
    template.resource_count_is("AWS::KMS::Key", 0)
    assert "KmsKeyId" not in json.dumps(template.to_json())


def test_every_class_of_data_has_its_own_rotating_key() -> None:
    template = data(PROD, "internal", "health")
    keys = named(template, "AWS::KMS::Key")
    assert set(keys) == {"KeysInternal", "KeysHealth"}
    assert all(key["EnableKeyRotation"] is True for key in keys.values())
    aliases = {each["AliasName"] for each in resources(template, "AWS::KMS::Alias").values()}
    assert aliases == {"alias/slipway-prod-internal", "alias/slipway-prod-health"}


def test_conversations_get_the_strictest_class_of_the_agents() -> None:
    template = data(PROD, "internal", "health")
    tables = named(template, "AWS::DynamoDB::Table")
    used = {name: json.dumps(table["SSESpecification"]) for name, table in tables.items()}
    assert {name for name, key in used.items() if "KeysHealth" in key} == {"Chat"}
    buckets = named(template, "AWS::S3::Bucket")
    sealed = {name for name, each in buckets.items() if "KeysHealth" in json.dumps(each["BucketEncryption"])}
    assert sealed == {"Sessions"}


def test_a_key_opens_only_through_a_store(prod: assertions.Template) -> None:
    (key,) = resources(prod, "AWS::KMS::Key").values()
    policy = key["KeyPolicy"]
    assert isinstance(policy, dict)
    direct = [each for each in policy["Statement"] if "kms:ViaService" not in json.dumps(each)]
    assert [each["Sid"] for each in direct] == ["TheAccountAdministersTheKey"]
    assert not {"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:CreateGrant", "kms:*"} & set(
        direct[0]["Action"]
    )


def test_connections_are_created_empty_and_stay_as_they_are_filled(prod: assertions.Template) -> None:
    secrets = resources(prod, "AWS::SecretsManager::Secret").values()
    assert {(each["Name"], each.get("SecretString")) for each in secrets} == {
        *((f"slipway/prod/{service}", "{}") for service in ("github", "jira", "sentry", "slack")),
        ("slipway/prod/edge", None),
    }


def test_the_edges_secret_is_made_up_by_aws_and_only_where_there_is_an_edge(
    prod: assertions.Template,
) -> None:
    edge = named(prod, "AWS::SecretsManager::Secret")["Edge"]
    assert edge["GenerateSecretString"] == {"ExcludePunctuation": True, "PasswordLength": 48}
    assert "Edge" not in named(data(DEV), "AWS::SecretsManager::Secret")


def granted(config: EnvironmentConfig) -> dict[str, object]:
    """The one statement that allows each of these actions, by the action."""
    held = stack(config, "internal", "health")
    consumer = cdk.Stack(held.node.root, "Consumer", env=cdk.Environment(region=config.region))
    permissions = held.permissions(consumer)
    statements = {
        "read": permissions.read_tasks(),
        "write": permissions.write_artifacts("tasks/*"),
        "chat": permissions.read_rows("chat"),
        "secret": permissions.read_secret("jira"),
    }
    for name, statement in statements.items():
        role = iam.Role(consumer, name, assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        role.add_to_policy(statement)
    policies = named(assertions.Template.from_stack(consumer), "AWS::IAM::Policy")
    return {name.removesuffix("DefaultPolicy"): each["PolicyDocument"] for name, each in policies.items()}


@pytest.mark.parametrize(
    ("statement", "key", "may_write"),
    [
        ("read", "Internal", False),
        ("write", "Internal", True),
        ("chat", "Health", False),
        ("secret", "Internal", False),
    ],
)
def test_a_role_that_may_use_a_store_may_use_its_key(statement: str, key: str, may_write: bool) -> None:
    text = json.dumps(granted(PROD)[statement])
    assert f"Keys{key}" in text
    assert "kms:Decrypt" in text
    assert ("kms:GenerateDataKey" in text) is may_write


def test_no_role_names_a_key_where_there_is_none() -> None:
    assert "kms:" not in json.dumps(granted(replace(PROD, customer_keys=False)))
