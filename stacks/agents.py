"""The agents, the tools they may call, and the sandbox they run code in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as events_targets
from constructs import Construct

from slipway.domain import names
from slipway.domain.agent_spec import AgentSpec
from stacks.config import EnvironmentConfig, ToolSignIn
from stacks.constructs import function_access
from stacks.constructs.agent_evaluation import AgentEvaluation
from stacks.constructs.agent_grants import AgentGrants
from stacks.constructs.agent_memory import shared_memory
from stacks.constructs.agent_service import AgentService
from stacks.constructs.agent_telemetry import AgentTelemetry
from stacks.constructs.gateway import ToolGateway
from stacks.constructs.gateway_credentials import PeopleSignIn, target_credentials, write_credentials
from stacks.constructs.gateway_targets import PEOPLE_TOOLS, REMOTE_TARGETS
from stacks.constructs.python_function import PythonFunction
from stacks.data import DataStack
from stacks.functions import functions_of
from stacks.knowledge import KnowledgeStack
from stacks.packaging.bundles import Bundles
from stacks.settings import platform_settings

_LAMBDAS = Path(__file__).resolve().parents[1] / "lambdas"
_TARGETS = (("repositories", "repositories_tool"), ("slack", "slack_tools"))
"""Gateway target to the folder of the function that answers its tools."""
_RENEWAL = Duration.minutes(20)


class AgentsStack(Stack):
    """One `AgentService` for every spec of the registry."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        data: DataStack,
        knowledge: KnowledgeStack,
        bundles: Bundles,
        agents: Mapping[str, AgentSpec],
    ) -> None:
        super().__init__(scope, construct_id, env={"region": config.region})
        permissions = data.permissions(self)
        interpreter = agentcore.CodeInterpreterCustom(
            self,
            "Sandbox",
            code_interpreter_custom_name=names.code_interpreter(config.name),
            description="Runs repositories' code without a network",
            network_configuration=agentcore.CodeInterpreterNetworkConfiguration.using_sandbox_network(),
        )
        credentials = target_credentials(Construct(self, "Credentials"), REMOTE_TARGETS, config=config)
        own = {"renew_credentials": (write_credentials(credentials),)}
        functions = {
            spec.folder: PythonFunction(
                self,
                spec=spec,
                config=config,
                code=bundles.functions(),
                settings=platform_settings(config, permissions),
                statements=[
                    *function_access.statements(spec.access, permissions=permissions, runtime_arns=()),
                    *own.get(spec.folder, ()),
                ],
            ).function
            for spec in functions_of("agents")
        }
        events.Rule(
            self,
            "CredentialRenewal",
            description="GitHub ends an installation's token after an hour",
            schedule=events.Schedule.rate(_RENEWAL),
            targets=[events_targets.LambdaFunction(functions["renew_credentials"])],
        )
        PeopleSignIn(self, "People", config=config, credentials=credentials)
        targets = [
            *((name, functions[folder], _LAMBDAS / folder / "tool_schema.json") for name, folder in _TARGETS),
            ("knowledge", knowledge.function, knowledge.tool_schema),
        ]

        def add_gateway(construct_id: str, sign_in: ToolSignIn | None = None) -> ToolGateway:
            made = ToolGateway(
                self,
                construct_id,
                config=config,
                interceptor=functions["tool_interceptor"],
                credentials=credentials,
                sign_in=sign_in,
            )
            for name, function, tool_schema in targets:
                made.add_function_target(name, function=function, tool_schema=tool_schema)
            return made

        gateway = add_gateway("Tools")
        if sign_in := config.tool_sign_in:
            people = add_gateway("PeopleTools", sign_in)
            people.permit_people(PEOPLE_TOOLS, scope=sign_in.scope)
            CfnOutput(self, "PeopleGatewayUrl", value=str(people.gateway.gateway_url))
        self.settings = platform_settings(
            config,
            permissions,
            gateway_url=str(gateway.gateway.gateway_url),
            code_interpreter_id=interpreter.code_interpreter_id,
        )
        grants = AgentGrants(
            permissions=permissions,
            gateway_arn=gateway.gateway.gateway_arn,
            code_interpreter_arn=interpreter.code_interpreter_arn,
            region=config.region,
            model_tiers=config.model_tiers,
            memory=shared_memory(self, agents.values(), config=config, key=permissions.keys.get("chat")),
        )
        telemetry = AgentTelemetry(self, "Telemetry", config=config)
        telemetry.observe(gateway, "gateway", gateway.gateway.gateway_arn, usage=False)
        if grants.memory:
            telemetry.observe(grants.memory, "memory", grants.memory.memory_arn, usage=False)
        evaluation = AgentEvaluation(self, "Evaluation", config=config) if config.evaluation_percent else None
        self.runtime_arns: dict[str, str] = {}
        for spec in agents.values():
            service = AgentService(
                self,
                names.construct_id(spec.name),
                spec=spec,
                config=config,
                code=bundles.agent(spec.name),
                settings=self.settings,
                grants=grants,
                telemetry=telemetry,
            )
            gateway.permit(spec, role=service.role)
            if evaluation:
                evaluation.judge(service)
            self.runtime_arns[spec.name] = service.runtime.agent_runtime_arn
