"""Whether what was deployed works: the API answers, the workflow can start, every agent comes up."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import httpx

from scripts.doctor import Finding
from slipway.domain import names
from slipway.domain.errors import NotFound, SlipwayError
from slipway.ports.account import Account
from slipway.settings import Settings

_PATIENCE_SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class Smoke:
    """`api_url` makes the address from the outputs of the intake stack."""

    account: Account
    environment: str
    api_url: Callable[[Mapping[str, str]], str]

    def findings(self) -> list[Finding]:
        """Every check."""
        return [*self._health(), *self._workflow(), *self._agents()]

    def url(self) -> str:
        """Where the outside world posts to."""
        return self.api_url(self._outputs("Intake"))

    def _health(self) -> Iterator[Finding]:
        address = f"{self.url()}/health"
        try:
            answer = httpx.get(address, timeout=_PATIENCE_SECONDS)
        except httpx.HTTPError as error:
            yield Finding(
                "API", "problem", f"{address}: {type(error).__name__}", "read the log of function health"
            )
            return
        fine = answer.status_code == 200
        advice = "" if fine else "read the log of function health"
        yield Finding("API", "ok" if fine else "problem", f"{address}: {answer.status_code}", advice)

    def _workflow(self) -> Iterator[Finding]:
        arn = self._outputs("Workflow")["StateMachineArn"]
        try:
            status = self.account.state_machine_status(arn)
        except SlipwayError as error:
            yield Finding("workflow", "problem", str(error), "deploy again")
            return
        yield Finding("workflow", "ok" if status == "ACTIVE" else "problem", f"{arn}: {status}")

    def _agents(self) -> Iterator[Finding]:
        settings = Settings.from_env(json.loads(self._outputs("Workflow")["Settings"]))
        arns: dict[str, str] = json.loads(settings.runtime_arns)
        for agent, arn in sorted(arns.items()):
            wrong = self.account.wake_agent(arn, settings.endpoint_name)
            advice = (
                f"read its log group, then `slipway tasks list --env {self.environment}`" if wrong else ""
            )
            found = wrong or f"endpoint {settings.endpoint_name} started and refused what is no run"
            yield Finding(f"agent {agent}", "problem" if wrong else "ok", found, advice)

    def _outputs(self, part: str) -> Mapping[str, str]:
        name = names.stack(self.environment, part)
        stack = self.account.stack(name)
        if stack is None:
            raise NotFound(f"stack {name} is not deployed in {self.account.region}")
        return stack.outputs
