"""The one door through which agents reach tools: targets with credentials, and a policy for each agent."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aws_cdk import Annotations
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from slipway.domain import names
from slipway.domain.agent_spec import AgentSpec, Tool
from stacks.config import EnvironmentConfig, ToolSignIn
from stacks.constructs.gateway_credentials import TargetCredentials
from stacks.constructs.gateway_targets import (
    REMOTE_TARGETS,
    TOOL_SCHEMAS,
    RemoteTarget,
    ToolInput,
    ToolProperty,
)
from stacks.constructs.policy_text import permit_people, permit_tools

_MCP_VERSIONS = ("2025-06-18", "2025-11-25")


class ToolGateway(Construct):
    """`interceptor` sees a request first, and a call that no policy permits is denied.

    Callers are IAM roles; where `sign_in` is given they are people with tokens of that provider instead.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: EnvironmentConfig,
        interceptor: lambda_.IFunction,
        credentials: TargetCredentials,
        sign_in: ToolSignIn | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self._credentials = credentials
        name = names.people_gateway(config.name) if sign_in else names.gateway(config.name)
        self.engine = agentcore.PolicyEngine(self, "Policies", policy_engine_name=names.policy_engine(name))
        self.gateway = agentcore.Gateway(
            self,
            "Gateway",
            gateway_name=name,
            description="Tools for people" if sign_in else "Tools of the agents",
            authorizer_configuration=_authorizer(sign_in),
            protocol_configuration=agentcore.McpProtocolConfiguration(
                supported_versions=[agentcore.MCPProtocolVersion.of(version) for version in _MCP_VERSIONS],
                search_type=agentcore.McpGatewaySearchType.SEMANTIC,
            ),
            policy_engine_configuration=agentcore.GatewayPolicyEngineConfig(
                policy_engine=self.engine, mode=agentcore.PolicyEngineMode.ENFORCE
            ),
        )
        self.gateway.add_interceptor(agentcore.LambdaInterceptor.for_request(interceptor))
        Annotations.of(self.gateway).acknowledge_warning(
            "aws-cdk-lib.aws-bedrockagentcore:wildcardSecretArnGrant",
            "The grant by prefix names secrets that AgentCore owns; ours is granted by its ARN.",
        )
        # The construct grants AgentCore's own secrets only.
        credentials.secret.grant_read(self.gateway.role)
        self.targets = [self._remote_target(target) for target in REMOTE_TARGETS]

    def add_function_target(
        self, name: str, *, function: lambda_.IFunction, tool_schema: Path
    ) -> agentcore.GatewayTarget:
        """Tools that a function of ours answers, as its folder's `tool_schema.json` describes them."""
        target = self.gateway.add_lambda_target(
            names.construct_id(name),
            gateway_target_name=name,
            lambda_function=function,
            tool_schema=agentcore.ToolSchema.from_inline(
                [
                    agentcore.ToolDefinition(
                        name=tool.name,
                        description=tool.description,
                        input_schema=_definition(tool.input_schema),
                    )
                    for tool in TOOL_SCHEMAS.validate_json(tool_schema.read_bytes())
                ]
            ),
        )
        self.targets.append(target)
        return target

    def permit_people(self, tools: Sequence[Tool], *, scope: str) -> None:
        """Let everyone whose token carries `scope` call these tools."""
        self._add_policy(
            "People",
            name="people",
            description="Reading tools for people",
            cedar=permit_people(tools, scope=scope, gateway_arn=self.gateway.gateway_arn),
        )

    def permit(self, spec: AgentSpec, *, role: iam.IRole) -> None:
        """Let the agent's role call exactly the tools of its spec."""
        if not spec.tools:
            return
        self._add_policy(
            names.construct_id(spec.name),
            name=names.gateway_policy(spec.name),
            description=f"Tools of the {spec.name} agent",
            cedar=permit_tools(spec.tools, role_name=role.role_name, gateway_arn=self.gateway.gateway_arn),
        )

    def _add_policy(self, caller: str, *, name: str, description: str, cedar: str) -> None:
        policy = self.engine.add_policy(
            f"{caller}Tools",
            policy_name=name,
            description=description,
            validation_mode=agentcore.PolicyValidationMode.FAIL_ON_ANY_FINDINGS,
            statement=agentcore.PolicyStatement.from_cedar(cedar),
        )
        # AgentCore checks the actions a policy names against the tools that exist.
        policy.node.add_dependency(self.gateway, *self.targets)

    def _remote_target(self, target: RemoteTarget) -> agentcore.GatewayTarget:
        return self.gateway.add_mcp_server_target(
            f"{names.construct_id(target.name)}Target",
            gateway_target_name=target.name,
            endpoint=target.endpoint,
            credential_provider_configurations=[
                agentcore.GatewayCredentialProvider.from_api_key_identity_arn(
                    provider_arn=self._credentials.provider_arns[target.name],
                    secret_arn=self._credentials.secret.secret_arn,
                    credential_location=agentcore.ApiKeyCredentialLocation.header(
                        credential_parameter_name="Authorization", credential_prefix=target.scheme
                    ),
                )
            ],
        )


def _authorizer(sign_in: ToolSignIn | None) -> agentcore.IGatewayAuthorizerConfig:
    if sign_in is None:
        return agentcore.GatewayAuthorizer.using_aws_iam()
    return agentcore.GatewayAuthorizer.using_custom_jwt(
        discovery_url=sign_in.discovery_url,
        allowed_clients=list(sign_in.clients) or None,
        allowed_audience=list(sign_in.audiences) or None,
        allowed_scopes=[sign_in.scope],
    )


def _definition(schema: ToolInput) -> agentcore.SchemaDefinition:
    return agentcore.SchemaDefinition(
        type=agentcore.SchemaDefinitionType.OBJECT,
        properties={name: _property(each) for name, each in schema.properties.items()},
        required=list(schema.required),
    )


def _property(schema: ToolProperty) -> agentcore.SchemaDefinition:
    return agentcore.SchemaDefinition(
        type=agentcore.SchemaDefinitionType.of(schema.type),
        description=schema.description,
        items=_property(schema.items) if schema.items else None,
    )
