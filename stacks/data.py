"""What must outlive every deploy: tasks, artifacts, connections."""

from __future__ import annotations

from aws_cdk import Duration, SecretValue, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from slipway.domain import names
from stacks.config import EnvironmentConfig
from stacks.constructs.permissions import Permissions
from stacks.constructs.retention import removal_policy

CONNECTIONS = ("github", "jira", "slack")


class DataStack(Stack):
    """One table, one bucket, one secret for each outside service."""

    def __init__(self, scope: Construct, construct_id: str, *, config: EnvironmentConfig) -> None:
        super().__init__(scope, construct_id, env={"region": config.region})
        self._config = config
        self.table = self._table()
        self.bucket = self._bucket()
        self.secrets = {service: self._secret(service) for service in CONNECTIONS}

    def permissions(self, stack: Stack) -> Permissions:
        """Statements over these stores, for roles in `stack`."""
        return Permissions(
            environment=self._config.name,
            stack=stack,
            table=self.table,
            bucket=self.bucket,
            secrets=self.secrets,
        )

    def _table(self) -> dynamodb.Table:
        table = dynamodb.Table(
            self,
            "Tasks",
            partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="sk", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
            time_to_live_attribute="ttl",
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=self._config.keeps_data,
            removal_policy=removal_policy(self._config),
        )
        table.add_global_secondary_index(
            index_name="by_state",
            partition_key=dynamodb.Attribute(name="gsi1pk", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="gsi1sk", type=dynamodb.AttributeType.STRING),
        )
        return table

    def _bucket(self) -> s3.Bucket:
        return s3.Bucket(
            self,
            "Artifacts",
            versioned=True,
            enforce_ssl=True,
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="snapshots-can-be-fetched-again",
                    prefix="snapshots/",
                    expiration=Duration.days(self._config.snapshot_days),
                ),
                s3.LifecycleRule(
                    id="old-versions-and-broken-uploads",
                    noncurrent_version_expiration=Duration.days(self._config.noncurrent_days),
                    abort_incomplete_multipart_upload_after=Duration.days(2),
                ),
            ],
            removal_policy=removal_policy(self._config),
        )

    def _secret(self, service: str) -> secretsmanager.Secret:
        """Empty until an operator fills it: the template never changes, so no deploy overwrites the value."""
        return secretsmanager.Secret(
            self,
            names.construct_id(service),
            secret_name=names.secret(self._config.name, service),
            description=f"Connection to {service}: JSON of slipway.domain.connections",
            secret_string_value=SecretValue.unsafe_plain_text("{}"),
            removal_policy=removal_policy(self._config),
        )
