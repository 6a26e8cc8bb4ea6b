"""Agents on AgentCore runtimes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from botocore.exceptions import ClientError

from slipway.adapters.aws.clients import Clients
from slipway.adapters.aws.failures import code, mapped
from slipway.domain.errors import InvalidInput, UpstreamUnavailable
from slipway.domain.run import RunInvocation


@dataclass(frozen=True, kw_only=True)
class AgentCoreRuntimes:
    """`arns` maps agent names to runtime ARNs; every call goes to one endpoint, such as live."""

    clients: Clients
    arns: Mapping[str, str]
    endpoint: str

    def invoke(self, agent: str, invocation: RunInvocation, *, session_id: str) -> str:
        """Hand over a run; the runtime answers at once and works in the background."""
        run = f"{invocation.task_id}.{invocation.step}.{invocation.attempt}"
        with mapped(f"invoking agent {agent} for run {run}"):
            answer = self.clients.agentcore.invoke_agent_runtime(
                agentRuntimeArn=self._arn(agent),
                qualifier=self.endpoint,
                runtimeSessionId=session_id,
                contentType="application/json",
                accept="application/json",
                payload=invocation.model_dump_json(by_alias=True).encode(),
            )
            body = answer["response"].read()
        try:
            status = json.loads(body)["status"]
        except (ValueError, KeyError, TypeError) as error:
            raise UpstreamUnavailable(f"agent {agent} answered run {run} without a status") from error
        return str(status)

    def stop(self, agent: str, *, session_id: str) -> bool:
        """The service ends the session without asking what runs in it."""
        with mapped(f"stopping session {session_id} of agent {agent}"):
            try:
                self.clients.agentcore.stop_runtime_session(
                    agentRuntimeArn=self._arn(agent), qualifier=self.endpoint, runtimeSessionId=session_id
                )
            except ClientError as error:
                if code(error) != "ResourceNotFoundException":
                    raise
                return False
        return True

    def _arn(self, agent: str) -> str:
        if agent not in self.arns:
            raise InvalidInput(f"agent {agent!r} has no runtime here; deployed are {sorted(self.arns)}")
        return self.arns[agent]
