"""Customer keys, one for each class of data; a key opens only through the store that holds the data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from aws_cdk import Aws, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from slipway.domain import names
from stacks.config import EnvironmentConfig
from stacks.constructs.retention import removal_policy

DataClass = Literal["internal", "health"]
"""As agents' specs say it."""

_STORES = ("bedrock-agentcore", "dynamodb", "s3", "secretsmanager")
_ADMINISTRATION = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)
_USE = (
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)


class DataKeys(Construct):
    """`of(data_class)` is None where the environment uses AWS's keys."""

    def __init__(
        self, scope: Construct, construct_id: str, *, config: EnvironmentConfig, classes: Iterable[DataClass]
    ) -> None:
        super().__init__(scope, construct_id)
        wanted = sorted(set(classes)) if config.customer_keys else []
        self._keys = {data_class: self._key(data_class, config) for data_class in wanted}

    def of(self, data_class: DataClass) -> kms.Key | None:
        """The key of a class."""
        return self._keys.get(data_class)

    def _key(self, data_class: DataClass, config: EnvironmentConfig) -> kms.Key:
        return kms.Key(
            self,
            names.construct_id(data_class),
            alias=names.key_alias(config.name, data_class),
            description=f"Slipway {config.name}: {data_class} data at rest",
            enable_key_rotation=True,
            rotation_period=Duration.days(365),
            pending_window=Duration.days(30 if config.keeps_data else 7),
            policy=_policy(),
            removal_policy=removal_policy(config),
        )


def _policy() -> iam.PolicyDocument:
    """The account administers the key but cannot use it; a role that may use it must go through a store."""
    services = [f"{store}.{Aws.REGION}.{Aws.URL_SUFFIX}" for store in _STORES]
    return iam.PolicyDocument(
        statements=[
            iam.PolicyStatement(
                sid="TheAccountAdministersTheKey",
                principals=[iam.AccountRootPrincipal()],
                actions=list(_ADMINISTRATION),
                resources=["*"],
            ),
            iam.PolicyStatement(
                sid="RolesUseItThroughAStore",
                principals=[iam.AccountRootPrincipal()],
                actions=list(_USE),
                resources=["*"],
                conditions={
                    "StringEquals": {"kms:CallerAccount": Aws.ACCOUNT_ID, "kms:ViaService": services}
                },
            ),
        ]
    )
