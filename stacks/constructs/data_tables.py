"""The tables, as rows of data: one key schema, and what each of them needs besides."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct

from slipway.domain import names
from stacks.config import EnvironmentConfig
from stacks.constructs.retention import removal_policy


@dataclass(frozen=True, kw_only=True)
class TableSpec:
    """`index`: a second order of the same rows. `is_followed`: somebody reads its stream."""

    name: str
    holds_conversations: bool = False
    index: str = ""
    is_followed: bool = False


TABLES = (
    TableSpec(name="tasks", index="by_state", is_followed=True),
    TableSpec(name="chat", holds_conversations=True),
    TableSpec(name="errors", index="by_state", is_followed=True),
    TableSpec(name="ledger"),
)


def data_table(
    scope: Construct, *, spec: TableSpec, config: EnvironmentConfig, key: kms.IKey | None
) -> dynamodb.Table:
    """A table that can be restored to any second of 35 days and forgets rows whose `ttl` has passed."""
    table = dynamodb.Table(
        scope,
        names.construct_id(spec.name),
        partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
        sort_key=dynamodb.Attribute(name="sk", type=dynamodb.AttributeType.STRING),
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES if spec.is_followed else None,
        time_to_live_attribute="ttl",
        point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=True
        ),
        encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED if key else None,
        encryption_key=key,
        deletion_protection=config.keeps_data,
        removal_policy=removal_policy(config),
    )
    if spec.index:
        table.add_global_secondary_index(
            index_name=spec.index,
            partition_key=dynamodb.Attribute(name="gsi1pk", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="gsi1sk", type=dynamodb.AttributeType.STRING),
        )
    return table
