"""The ticket workflow as Step Functions executions."""

from __future__ import annotations

from dataclasses import dataclass

from botocore.exceptions import ClientError

from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.failures import code, mapped
from slipway.ports.workflow import ExecutionStatus

_STATUSES: dict[str, ExecutionStatus] = {
    "RUNNING": "running",
    "PENDING_REDRIVE": "running",
    "SUCCEEDED": "succeeded",
    "FAILED": "failed",
    "TIMED_OUT": "timed_out",
    "ABORTED": "stopped",
}


@dataclass(frozen=True, kw_only=True)
class SfnWorkflow:
    """An execution's ARN follows from the state machine's ARN and the task id."""

    clients: Clients
    state_machine_arn: str

    def start(self, task_id: str, *, input_json: str) -> str:
        """Start, or find it started already."""
        with mapped(f"starting the workflow of task {task_id}"):
            try:
                return self.clients.stepfunctions.start_execution(
                    stateMachineArn=self.state_machine_arn, name=task_id, input=input_json
                )["executionArn"]
            except ClientError as error:
                if code(error) != "ExecutionAlreadyExists":
                    raise
                return self._arn(task_id)

    def stop(self, task_id: str, *, error: str, cause: str) -> None:
        """Stop it; fine when it has ended or never began."""
        with mapped(f"stopping the workflow of task {task_id}"):
            try:
                self.clients.stepfunctions.stop_execution(
                    executionArn=self._arn(task_id), error=error[:256], cause=cause[:32_000]
                )
            except ClientError as failure:
                if code(failure) != "ExecutionDoesNotExist":
                    raise

    def status(self, task_id: str) -> ExecutionStatus:
        """How the execution stands."""
        with mapped(f"reading the workflow of task {task_id}"):
            try:
                execution = self.clients.stepfunctions.describe_execution(executionArn=self._arn(task_id))
            except ClientError as error:
                if code(error) == "ExecutionDoesNotExist":
                    return "missing"
                raise
        return _STATUSES[execution["status"]]

    def cause(self, task_id: str) -> tuple[str, str]:
        """Error name and cause of an execution that ended badly."""
        with mapped(f"reading the workflow of task {task_id}"):
            execution = self.clients.stepfunctions.describe_execution(executionArn=self._arn(task_id))
        return execution.get("error", ""), execution.get("cause", "")

    def _arn(self, task_id: str) -> str:
        return f"{self.state_machine_arn.replace(':stateMachine:', ':execution:', 1)}:{task_id}"
