"""Every IAM statement of our own roles: what it allows, on exactly which resources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager

from slipway.domain import names


@dataclass(frozen=True, kw_only=True)
class Permissions:
    """Statements over the platform's stores and its workflow.

    The workflow is known by its derived name: its states call functions that need these statements, so a
    reference to it would be a circle.
    """

    environment: str
    stack: Stack
    table: dynamodb.ITable
    bucket: s3.IBucket
    secrets: Mapping[str, secretsmanager.ISecret]

    def read_tasks(self) -> iam.PolicyStatement:
        """Read rows of tasks."""
        return allow(
            ("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:ConditionCheckItem"),
            (self.table.table_arn, f"{self.table.table_arn}/index/*"),
        )

    def write_tasks(self) -> iam.PolicyStatement:
        """Write rows of tasks; transactions need each of these by name."""
        return allow(
            ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"), (self.table.table_arn,)
        )

    def append_events(self) -> iam.PolicyStatement:
        """Append to a task's history, read it, and add to its cost."""
        return allow(
            ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:GetItem", "dynamodb:Query"),
            (self.table.table_arn,),
        )

    def read_artifacts(self) -> Sequence[iam.PolicyStatement]:
        """Read bodies; listing makes a missing key a 404 instead of a 403."""
        return (
            allow(("s3:GetObject",), (self.bucket.arn_for_objects("*"),)),
            allow(("s3:ListBucket",), (self.bucket.bucket_arn,)),
        )

    def write_artifacts(self, keys: str) -> iam.PolicyStatement:
        """Write bodies whose key matches `keys`."""
        return allow(("s3:PutObject",), (self.bucket.arn_for_objects(keys),))

    def read_secret(self, service: str) -> iam.PolicyStatement:
        """Read the connection of one outside service."""
        return allow(("secretsmanager:GetSecretValue",), (self.secrets[service].secret_arn,))

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


def allow(actions: Sequence[str], resources: Sequence[str]) -> iam.PolicyStatement:
    """Allow `actions` on `resources`."""
    return iam.PolicyStatement(actions=list(actions), resources=list(resources))


def invoke_runtimes(arns: Sequence[str]) -> iam.PolicyStatement:
    """Start and stop sessions of these runtimes through any of their endpoints."""
    return allow(
        ("bedrock-agentcore:InvokeAgentRuntime", "bedrock-agentcore:StopRuntimeSession"),
        [resource for arn in arns for resource in (arn, f"{arn}/runtime-endpoint/*")],
    )
