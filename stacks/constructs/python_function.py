"""One folder of `lambdas/` as a function with its role, logs, dead-letter queue and alarms."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from slipway.domain import names
from slipway.settings import Settings
from stacks.config import EnvironmentConfig
from stacks.constructs.assets import function_code
from stacks.constructs.retention import log_group
from stacks.functions import FunctionSpec
from stacks.packaging.bundles import Bundle


class PythonFunction(Construct):
    """`function` runs `lambdas/<folder>/handler.py::handler`; `dead_letters` exists for asynchronous ones."""

    def __init__(
        self,
        scope: Construct,
        *,
        spec: FunctionSpec,
        config: EnvironmentConfig,
        code: Bundle,
        settings: Settings,
        statements: Sequence[iam.PolicyStatement],
    ) -> None:
        super().__init__(scope, names.construct_id(spec.folder))
        name = names.function(config.name, spec.folder)
        logs = log_group(self, "Logs", name=f"/aws/lambda/{name}", config=config)
        role = iam.Role(
            self,
            "Role",
            description=f"What the function {name} may do",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        )
        logs.grant_write(role)
        for statement in statements:
            role.add_to_policy(statement)
        self.dead_letters = self._dead_letters() if spec.asynchronous else None
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=name,
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler=f"lambdas.{spec.folder}.handler.handler",
            code=function_code(code),
            role=role,
            timeout=Duration.seconds(spec.timeout_seconds),
            memory_size=spec.memory_mb,
            environment=settings.to_env(),
            log_group=logs,
            dead_letter_queue=self.dead_letters,
        )
        self._alarm(
            "errors",
            self.function.metric_errors(period=Duration.minutes(5)),
            f"Function {name} raised; log group /aws/lambda/{name} has the traceback and the task id.",
            alarm_name=f"{name}-errors",
        )
        if self.dead_letters:
            self._alarm(
                "dead-letters",
                self.dead_letters.metric_approximate_number_of_messages_visible(period=Duration.minutes(5)),
                f"Events that {name} could not handle wait in its dead-letter queue; fix the cause, redrive.",
                alarm_name=f"{name}-dead-letters",
            )

    def dashboard_row(self) -> Sequence[cloudwatch.IWidget]:
        """Calls, errors and how long they take."""
        return (
            cloudwatch.GraphWidget(
                title=self.node.id,
                left=[self.function.metric_invocations(), self.function.metric_errors()],
                right=[self.function.metric_duration(statistic="p95")],
                width=8,
            ),
        )

    def _dead_letters(self) -> sqs.Queue:
        return sqs.Queue(
            self,
            "DeadLetters",
            retention_period=Duration.days(14),
            enforce_ssl=True,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
        )

    def _alarm(self, symptom: str, metric: cloudwatch.IMetric, description: str, *, alarm_name: str) -> None:
        cloudwatch.Alarm(
            self,
            f"{names.construct_id(symptom)}Alarm",
            alarm_name=alarm_name,
            alarm_description=description,
            metric=metric,
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
