"""DynamoDB tables keep the TTL and the point-in-time recovery that their template asks for."""

from __future__ import annotations

from local.aws.cloudformation import Properties, extend
from local.aws.context import Context

TABLE_TYPES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")


def install(context: Context) -> None:
    """Apply after stock what stock drops from a template."""
    del context
    for resource_type in TABLE_TYPES:
        extend(resource_type, apply_settings)


def apply_settings(table: str, properties: Properties) -> None:
    """Set TTL and recovery of an existing table from template properties."""
    from ministack.services import dynamodb

    ttl = properties.get("TimeToLiveSpecification")
    if isinstance(ttl, dict):
        enabled = is_true(ttl.get("Enabled", True))
        attribute = ttl.get("AttributeName", "")
        current = dynamodb._describe_ttl({"TableName": table})
        if enabled != (b'"ENABLED"' in current[2]):
            dynamodb._update_ttl(
                {
                    "TableName": table,
                    "TimeToLiveSpecification": {"AttributeName": attribute, "Enabled": enabled},
                }
            )
    recovery = properties.get("PointInTimeRecoverySpecification") or first_replica(properties).get(
        "PointInTimeRecoverySpecification"
    )
    if isinstance(recovery, dict):
        dynamodb._update_continuous_backups(
            {
                "TableName": table,
                "PointInTimeRecoverySpecification": {
                    "PointInTimeRecoveryEnabled": is_true(recovery.get("PointInTimeRecoveryEnabled", True))
                },
            }
        )


def first_replica(properties: Properties) -> dict[str, object]:
    """The replica of a global table that describes this region."""
    replicas = properties.get("Replicas")
    return dict(replicas[0]) if isinstance(replicas, list) and replicas else {}


def is_true(value: object) -> bool:
    """A template's boolean, which may be text."""
    return str(value).lower() == "true"
