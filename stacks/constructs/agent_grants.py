"""What each `Grant` of an agent's spec means in IAM."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Aws
from aws_cdk import aws_iam as iam

from slipway.domain.agent_spec import Grant
from stacks.constructs.permissions import Permissions, allow

_MODEL_VENDORS = ("amazon", "anthropic")


@dataclass(frozen=True, kw_only=True)
class AgentGrants:
    """The platform's resources that grants refer to."""

    permissions: Permissions
    gateway_arn: str
    code_interpreter_arn: str
    model_geography: str

    def statements(self, grants: frozenset[Grant]) -> list[iam.PolicyStatement]:
        """Exactly what `grants` allow, in a stable order."""
        return [statement for grant in Grant if grant in grants for statement in self._meaning[grant]()]

    @property
    def _meaning(self) -> Mapping[Grant, Callable[[], Sequence[iam.PolicyStatement]]]:
        platform = self.permissions
        return {
            Grant.READ_ARTIFACTS: platform.read_artifacts,
            Grant.WRITE_RUNS: lambda: (platform.write_artifacts("tasks/*/runs/*"),),
            Grant.APPEND_EVENTS: lambda: (platform.append_events(),),
            Grant.USE_GATEWAY: lambda: (allow(("bedrock-agentcore:InvokeGateway",), (self.gateway_arn,)),),
            Grant.USE_SANDBOX: self._use_sandbox,
            Grant.INVOKE_MODEL: self._invoke_model,
            Grant.COMPLETE_STEPS: lambda: (platform.complete_steps(),),
        }

    def _use_sandbox(self) -> Sequence[iam.PolicyStatement]:
        return (
            allow(
                (
                    "bedrock-agentcore:StartCodeInterpreterSession",
                    "bedrock-agentcore:InvokeCodeInterpreter",
                    "bedrock-agentcore:StopCodeInterpreterSession",
                    "bedrock-agentcore:GetCodeInterpreterSession",
                ),
                (self.code_interpreter_arn,),
            ),
        )

    def _invoke_model(self) -> Sequence[iam.PolicyStatement]:
        """Profiles of this geography, and the models behind them in whichever region a profile chooses."""
        region = f"arn:{Aws.PARTITION}:bedrock:{Aws.REGION}:{Aws.ACCOUNT_ID}"
        return (
            allow(
                ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"),
                [
                    resource
                    for vendor in _MODEL_VENDORS
                    for resource in (
                        f"{region}:inference-profile/{self.model_geography}.{vendor}.*",
                        f"arn:{Aws.PARTITION}:bedrock:*::foundation-model/{vendor}.*",
                    )
                ],
            ),
        )
