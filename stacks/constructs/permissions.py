"""Every IAM statement of our own roles: what it allows, on exactly which resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager

from slipway.domain import names

_READ_ROWS = ("dynamodb:GetItem", "dynamodb:Query")
_WRITE_ROWS = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
_OPEN = ("kms:Decrypt", "kms:DescribeKey")
_SEAL = ("kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo")


@dataclass(frozen=True, kw_only=True)
class Permissions:
    """Statements over the platform's stores and its workflow; `keys` has those that customer keys encrypt.

    The workflow is known by its derived name: its states call functions that need these statements, so a
    reference to it would be a circle.
    """

    environment: str
    stack: Stack
    tables: Mapping[str, dynamodb.ITable]
    buckets: Mapping[str, s3.IBucket]
    secrets: Mapping[str, secretsmanager.ISecret]
    keys: Mapping[str, kms.IKey]

    @property
    def table(self) -> dynamodb.ITable:
        """The tasks."""
        return self.tables["tasks"]

    @property
    def bucket(self) -> s3.IBucket:
        """The artifacts."""
        return self.buckets["artifacts"]

    def read_rows(self, table: str) -> iam.PolicyStatement:
        """Read a table and its indexes."""
        arn = self.tables[table].table_arn
        return self._allow_in(table, _READ_ROWS, (arn, f"{arn}/index/*"))

    def write_rows(self, table: str) -> iam.PolicyStatement:
        """Write a table; transactions need each of these by name."""
        return self._allow_in(table, _WRITE_ROWS, (self.tables[table].table_arn,), is_writing=True)

    def read_tasks(self) -> iam.PolicyStatement:
        """Read rows of tasks."""
        return self.read_rows("tasks")

    def write_tasks(self) -> iam.PolicyStatement:
        """Write rows of tasks."""
        return self.write_rows("tasks")

    def append_events(self) -> iam.PolicyStatement:
        """Append to a task's history, read it, and add to its cost."""
        actions = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:GetItem", "dynamodb:Query")
        return self._allow_in("tasks", actions, (self.table.table_arn,), is_writing=True)

    def read_objects(self, bucket: str) -> Sequence[iam.PolicyStatement]:
        """Read a bucket; listing makes a missing key a 404 instead of a 403."""
        held = self.buckets[bucket]
        return (
            self._allow_in(bucket, ("s3:GetObject",), (held.arn_for_objects("*"),)),
            allow(("s3:ListBucket",), (held.bucket_arn,)),
        )

    def write_objects(self, bucket: str, keys: str) -> iam.PolicyStatement:
        """Write objects whose key matches `keys`."""
        objects = (self.buckets[bucket].arn_for_objects(keys),)
        return self._allow_in(bucket, ("s3:PutObject",), objects, is_writing=True)

    def read_artifacts(self) -> Sequence[iam.PolicyStatement]:
        """Read bodies."""
        return self.read_objects("artifacts")

    def write_artifacts(self, keys: str) -> iam.PolicyStatement:
        """Write bodies whose key matches `keys`."""
        return self.write_objects("artifacts", keys)

    def read_secret(self, service: str) -> iam.PolicyStatement:
        """Read the connection of one outside service."""
        return self._allow_in(
            service, ("secretsmanager:GetSecretValue",), (self.secrets[service].secret_arn,)
        )

    def complete_steps(self) -> iam.PolicyStatement:
        """Complete, fail and heartbeat task tokens of the workflow."""
        return allow(
            ("states:SendTaskSuccess", "states:SendTaskFailure", "states:SendTaskHeartbeat"),
            (self.state_machine_arn,),
        )

    def start_executions(self) -> iam.PolicyStatement:
        """Start the workflow of a task."""
        return allow(("states:StartExecution",), (self.state_machine_arn,))

    def steer_executions(self) -> iam.PolicyStatement:
        """See and stop executions of the workflow."""
        return allow(
            ("states:DescribeExecution", "states:StopExecution"),
            (
                self.stack.format_arn(
                    service="states",
                    resource="execution",
                    resource_name=f"{names.state_machine(self.environment)}:*",
                    arn_format=ArnFormat.COLON_RESOURCE_NAME,
                ),
            ),
        )

    @property
    def state_machine_arn(self) -> str:
        """ARN of the ticket workflow."""
        return self.stack.format_arn(
            service="states",
            resource="stateMachine",
            resource_name=names.state_machine(self.environment),
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )

    def _allow_in(
        self, store: str, actions: Sequence[str], resources: Sequence[str], *, is_writing: bool = False
    ) -> iam.PolicyStatement:
        """One statement for a store and its key: IAM pairs each action with the resource it knows."""
        key = self.keys.get(store)
        if key is None:
            return allow(actions, resources)
        uses = (*_OPEN, *_SEAL) if is_writing else _OPEN
        return allow((*actions, *uses), (*resources, key.key_arn))


def allow(actions: Sequence[str], resources: Sequence[str]) -> iam.PolicyStatement:
    """Allow `actions` on `resources`."""
    return iam.PolicyStatement(actions=list(actions), resources=list(resources))


def invoke_runtimes(arns: Sequence[str]) -> iam.PolicyStatement:
    """Run sessions of these runtimes through any of their endpoints."""
    return allow(
        ("bedrock-agentcore:InvokeAgentRuntime",),
        [resource for arn in arns for resource in (arn, f"{arn}/runtime-endpoint/*")],
    )
