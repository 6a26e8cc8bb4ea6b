"""Step Functions task tokens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from botocore.exceptions import ClientError

from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.failures import code, mapped
from slipway.ports.step_tokens import StepGone

_GONE = {"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"}
_CAUSE_LIMIT = 32_000


@dataclass(frozen=True, kw_only=True)
class SfnStepTokens:
    """Completes, fails and keeps alive the step that waits for a token."""

    clients: Clients

    def succeed(self, token: str, output: str) -> None:
        """Complete with a JSON output."""
        with _gone("completing a step"):
            self.clients.stepfunctions.send_task_success(taskToken=token, output=output)

    def fail(self, token: str, *, error: str, cause: str) -> None:
        """Fail by error name and a cause a person can read."""
        with _gone("failing a step"):
            self.clients.stepfunctions.send_task_failure(
                taskToken=token, error=error[:256], cause=cause[:_CAUSE_LIMIT]
            )

    def heartbeat(self, token: str) -> None:
        """Say that the work is alive."""
        with _gone("sending a heartbeat"):
            self.clients.stepfunctions.send_task_heartbeat(taskToken=token)


@contextmanager
def _gone(doing: str) -> Iterator[None]:
    with mapped(doing):
        try:
            yield
        except ClientError as error:
            if code(error) in _GONE:
                raise StepGone(f"{doing}: nobody waits for this token any more ({code(error)})") from error
            raise
