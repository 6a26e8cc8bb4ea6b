"""What each `Grant` of an agent's spec means in IAM."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from aws_cdk import aws_iam as iam

from slipway.domain.agent_spec import AgentSpec, Grant
from stacks.constructs.agent_memory import SharedMemory
from stacks.constructs.permissions import Permissions, allow
from stacks.models import model_profile


@dataclass(frozen=True, kw_only=True)
class AgentGrants:
    """The platform's resources that grants refer to."""

    permissions: Permissions
    gateway_arn: str
    code_interpreter_arn: str
    region: str
    model_tiers: Mapping[str, str] = field(default_factory=dict)
    memory: SharedMemory | None = None

    def statements(self, spec: AgentSpec) -> list[iam.PolicyStatement]:
        """Exactly what the spec's grants allow, in a stable order."""
        meaning = self._meaning(spec)
        granted = [statement for grant in Grant if grant in spec.grants for statement in meaning[grant]()]
        return [*granted, *self._remember(spec)]

    def settings(self, spec: AgentSpec) -> Mapping[str, str]:
        """The settings that only agents with the grant get."""
        return {"memory_id": self.memory.memory_id} if self.memory and spec.memory.is_kept else {}

    def _meaning(self, spec: AgentSpec) -> Mapping[Grant, Callable[[], Sequence[iam.PolicyStatement]]]:
        platform = self.permissions
        return {
            Grant.READ_ARTIFACTS: platform.read_artifacts,
            Grant.WRITE_RUNS: lambda: (platform.write_artifacts("tasks/*/runs/*"),),
            Grant.APPEND_EVENTS: lambda: (platform.append_events(),),
            Grant.USE_GATEWAY: lambda: (allow(("bedrock-agentcore:InvokeGateway",), (self.gateway_arn,)),),
            Grant.USE_SANDBOX: self._use_sandbox,
            Grant.INVOKE_MODEL: lambda: (self._invoke_model(spec.model_tier),),
            Grant.COMPLETE_STEPS: lambda: (platform.complete_steps(),),
        }

    def _remember(self, spec: AgentSpec) -> Sequence[iam.PolicyStatement]:
        if not spec.memory.is_kept:
            return ()
        if self.memory is None:
            raise ValueError(f"agent {spec.name} keeps a memory, and this stack has none")
        return self.memory.statements(spec.memory)

    def _use_sandbox(self) -> Sequence[iam.PolicyStatement]:
        return (
            allow(
                (
                    "bedrock-agentcore:StartCodeInterpreterSession",
                    "bedrock-agentcore:InvokeCodeInterpreter",
                    "bedrock-agentcore:StopCodeInterpreterSession",
                ),
                (self.code_interpreter_arn,),
            ),
        )

    def _invoke_model(self, tier: str) -> iam.PolicyStatement:
        return allow(
            ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"),
            model_profile(tier, region=self.region, instead=self.model_tiers).arns,
        )
