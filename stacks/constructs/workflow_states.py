"""The two kinds of task state of a workflow, with the retries, waits and catches they all share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from slipway.domain.errors import retryable_names

_LAMBDA_FAULTS = (
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
    # A function that was out of time or memory, or whose process died: every step may be done again.
    "Lambda.Unknown",
    "Runtime.ExitError",
    "Sandbox.Timedout",
)
_ATTEMPTS = 4


@dataclass(frozen=True, kw_only=True)
class States:
    """Makes states under `scope`; every error they do not retry goes to `on_error` as `$.error`."""

    scope: Construct
    on_error: sfn.IChainable

    def call(
        self,
        name: str,
        function: lambda_.IFunction,
        *,
        timeout: Duration,
        payload: Mapping[str, object] | None = None,
    ) -> tasks.LambdaInvoke:
        """Call a function and go on when it returns."""
        state = tasks.LambdaInvoke(
            self.scope,
            name,
            lambda_function=function,
            payload=sfn.TaskInput.from_object({**_TASK, **(payload or {})}),
            retry_on_service_exceptions=False,
            task_timeout=sfn.Timeout.duration(timeout),
            result_path=sfn.JsonPath.DISCARD,
        )
        return self._guarded(state)

    def wait(
        self,
        name: str,
        function: lambda_.IFunction,
        *,
        timeout: sfn.Timeout,
        payload: Mapping[str, object] | None = None,
        heartbeat: Duration | None = None,
        result_path: str = sfn.JsonPath.DISCARD,
    ) -> tasks.LambdaInvoke:
        """Give a function a task token and sleep until somebody completes it."""
        state = tasks.LambdaInvoke(
            self.scope,
            name,
            lambda_function=function,
            integration_pattern=sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
            payload=sfn.TaskInput.from_object(
                {**_TASK, **(payload or {}), "task_token": sfn.JsonPath.task_token}
            ),
            retry_on_service_exceptions=False,
            task_timeout=timeout,
            heartbeat_timeout=sfn.Timeout.duration(heartbeat) if heartbeat else None,
            result_path=result_path,
        )
        return self._guarded(state)

    def _guarded(self, state: tasks.LambdaInvoke) -> tasks.LambdaInvoke:
        retry(state)
        state.add_catch(self.on_error, errors=["States.ALL"], result_path="$.error")
        return state


def retry(state: tasks.LambdaInvoke) -> None:
    """Try again what may succeed later: our retryable errors, lost heartbeats and faults of Lambda itself."""
    state.add_retry(
        errors=[*retryable_names(), "States.HeartbeatTimeout", *_LAMBDA_FAULTS],
        interval=Duration.seconds(2),
        backoff_rate=2,
        max_attempts=_ATTEMPTS,
        max_delay=Duration.minutes(1),
        jitter_strategy=sfn.JitterType.FULL,
    )


_TASK = {"task_id": sfn.JsonPath.string_at("$.task_id")}
