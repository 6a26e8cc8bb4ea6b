"""One folder of `lambdas/` as a function with its role, logs, dead-letter queue and alarms."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from slipway.domain import names
from slipway.settings import Settings
from stacks.config import EnvironmentConfig
from stacks.constructs.alarm import FIVE_MINUTES, Watch, add_alarm
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
        self.is_watched = config.watches_each_function
        self.name = name = names.function(config.name, spec.folder)
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
        self.dead_letters = (
            self._dead_letters(names.dead_letters(config.name, spec.folder)) if spec.asynchronous else None
        )
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
        self._watch(spec, config)

    def _dead_letters(self, name: str) -> sqs.Queue:
        return sqs.Queue(
            self,
            "DeadLetters",
            queue_name=name,
            retention_period=Duration.days(14),
            enforce_ssl=True,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
        )

    def _watch(self, spec: FunctionSpec, config: EnvironmentConfig) -> None:
        name = names.function(config.name, spec.folder)
        if self.is_watched:
            for construct_id, watch in _watches(self.function, name, spec.timeout_seconds).items():
                add_alarm(self, construct_id, watch)
        if self.dead_letters:
            add_alarm(
                self,
                "DeadLettersAlarm",
                Watch(
                    name=f"{name}-dead-letters",
                    says=f"Events that {name} could not handle wait in its dead-letter queue.",
                    runbook="dead-letters",
                    metric=self.dead_letters.metric_approximate_number_of_messages_visible(
                        period=FIVE_MINUTES, statistic="Maximum"
                    ),
                ),
            )


def _watches(function: lambda_.Function, name: str, timeout_seconds: int) -> dict[str, Watch]:
    nearly = 0.9 * timeout_seconds
    return {
        "ErrorsAlarm": Watch(
            name=f"{name}-errors",
            says=f"Function {name} raised; /aws/lambda/{name} has the traceback and the task id.",
            runbook="function-errors",
            metric=function.metric_errors(period=FIVE_MINUTES),
        ),
        "ThrottlesAlarm": Watch(
            name=f"{name}-throttles",
            says=f"Lambda refused calls of {name}: the account's concurrency is used up.",
            runbook="function-throttles",
            metric=function.metric_throttles(period=FIVE_MINUTES),
        ),
        "DurationAlarm": Watch(
            name=f"{name}-duration",
            says=f"Function {name} took {nearly:g} s or more; at {timeout_seconds} s Lambda ends it.",
            runbook="function-duration",
            metric=function.metric_duration(period=FIVE_MINUTES, statistic="Maximum"),
            threshold=1000 * nearly,
        ),
    }
