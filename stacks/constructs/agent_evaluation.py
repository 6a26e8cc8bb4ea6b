"""Online evaluation: AgentCore's judges grade a share of an agent's finished sessions."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Aws, Duration, Stack
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_iam as iam
from constructs import Construct

from slipway.domain import names
from slipway.domain.agent_spec import Evaluator
from stacks.config import EnvironmentConfig
from stacks.constructs.agent_service import AgentService
from stacks.constructs.permissions import allow

_JUDGES: Mapping[Evaluator, agentcore.BuiltinEvaluator] = {
    "correctness": agentcore.BuiltinEvaluator.CORRECTNESS,
    "goal_success_rate": agentcore.BuiltinEvaluator.GOAL_SUCCESS_RATE,
    "helpfulness": agentcore.BuiltinEvaluator.HELPFULNESS,
    "instruction_following": agentcore.BuiltinEvaluator.INSTRUCTION_FOLLOWING,
    "tool_parameter_accuracy": agentcore.BuiltinEvaluator.TOOL_PARAMETER_ACCURACY,
    "tool_selection_accuracy": agentcore.BuiltinEvaluator.TOOL_SELECTION_ACCURACY,
}
_SPANS = "log-group:aws/spans"
_SERVICE = "bedrock-agentcore"


class AgentEvaluation(Construct):
    """The judges' role, and one evaluation for each agent that is graded.

    Judges read spans, which CloudWatch has when Transaction Search is on, and the agent's `live` log group.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: EnvironmentConfig) -> None:
        super().__init__(scope, construct_id)
        self._config = config
        self._role = self._make_role()

    def judge(self, service: AgentService) -> None:
        """Grade an agent by its spec's evaluators; what patients told an agent is nobody's sample."""
        spec = service.spec
        if not spec.evaluators or spec.data_class == "health":
            return
        agentcore.OnlineEvaluationConfig(
            self,
            names.construct_id(spec.name),
            online_evaluation_config_name=names.online_evaluation(self._config.name, spec.name),
            description=f"Grades a share of the sessions of {spec.name}",
            data_source=agentcore.DataSourceConfig.from_agent_runtime_endpoint(
                service.runtime, service.endpoint
            ),
            evaluators=[agentcore.EvaluatorSelector.builtin(_JUDGES[each]) for each in spec.evaluators],
            sampling_percentage=self._config.evaluation_percent,
            session_timeout=Duration.minutes(spec.idle_timeout_minutes),
            execution_role=self._role.without_policy_updates(),
        )

    def _make_role(self) -> iam.Role:
        stack = Stack.of(self)
        agents = stack.format_arn(
            service="logs",
            resource=f"log-group:/aws/bedrock-agentcore/runtimes/{names.runtime(self._config.name, '')}*",
        )
        spans = stack.format_arn(service="logs", resource=_SPANS)
        groups = stack.format_arn(service="logs", resource="log-group:*")
        results = stack.format_arn(service="logs", resource="log-group:/aws/bedrock-agentcore/evaluations/*")
        models = (
            f"arn:{Aws.PARTITION}:bedrock:*::foundation-model/*",
            stack.format_arn(service="bedrock", region="*", resource="inference-profile", resource_name="*"),
        )
        return iam.Role(
            self,
            "Role",
            description="What AgentCore's judges may read and write",
            assumed_by=iam.ServicePrincipal(
                f"{_SERVICE}.amazonaws.com",
                conditions={
                    "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                    "ArnLike": {
                        "aws:SourceArn": [
                            stack.format_arn(service=_SERVICE, resource=kind, resource_name="*")
                            for kind in ("evaluator", "online-evaluation-config")
                        ]
                    },
                },
            ),
            inline_policies={
                "Judge": iam.PolicyDocument(
                    statements=[
                        allow(("logs:DescribeLogGroups",), (groups,)),
                        allow(("logs:StartQuery", "logs:GetQueryResults"), (agents, spans, f"{spans}:*")),
                        allow(("logs:DescribeIndexPolicies", "logs:PutIndexPolicy"), (spans, f"{spans}:*")),
                        allow(
                            ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"), (results,)
                        ),
                        # AgentCore chooses the judge's model, and the profile that carries it.
                        allow(("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"), models),
                    ]
                )
            },
        )
