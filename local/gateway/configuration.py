"""What is deployed: gateways, their targets and policies, and who holds which session token."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Literal

from pydantic import AliasChoices, AliasGenerator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel, to_pascal

if TYPE_CHECKING:
    import httpx

_CONFIGURATION_SECONDS: Final = 2.0


class _Deployed(BaseModel):
    """A property bag: CloudFormation writes PascalCase, the service's API camelCase."""

    model_config = ConfigDict(
        extra="ignore",
        populate_by_name=True,
        alias_generator=AliasGenerator(
            validation_alias=lambda name: AliasChoices(to_camel(name), to_pascal(name))
        ),
    )


class SchemaDefinition(_Deployed):
    """The part of JSON Schema that a Lambda target may declare."""

    type: str = "object"
    description: str | None = None
    properties: dict[str, SchemaDefinition] | None = None
    items: SchemaDefinition | None = None
    required: list[str] | None = None


class ToolDefinition(_Deployed):
    """One tool of a Lambda target."""

    name: str
    description: str = ""
    input_schema: SchemaDefinition = Field(default_factory=SchemaDefinition)


class ToolSchema(_Deployed):
    """A Lambda target's tools, written into the template."""

    inline_payload: list[ToolDefinition] = Field(default_factory=list)


class LambdaTarget(_Deployed):
    """A function that answers tool calls."""

    lambda_arn: str
    tool_schema: ToolSchema = Field(default_factory=ToolSchema)


class McpServerTarget(_Deployed):
    """Another MCP server."""

    endpoint: str


class McpTarget(_Deployed):
    """The kinds of targets that the laptop has; other kinds stay empty."""

    mcp_server: McpServerTarget | None = None
    function: LambdaTarget | None = Field(default=None, validation_alias=AliasChoices("lambda", "Lambda"))


class TargetConfiguration(_Deployed):
    """The configuration of one target as it was deployed."""

    mcp: McpTarget = Field(default_factory=McpTarget)


class Target(BaseModel):
    """One target of a gateway."""

    name: str
    target_id: str = ""
    target_configuration: TargetConfiguration


class InterceptorFunction(_Deployed):
    """The function of an interceptor."""

    arn: str


class InterceptorKind(_Deployed):
    """Interceptors are functions."""

    function: InterceptorFunction = Field(validation_alias=AliasChoices("lambda", "Lambda"))


class InterceptorInput(_Deployed):
    """What an interceptor is shown beside the body."""

    pass_request_headers: bool = False


class Interceptor(_Deployed):
    """A function that sees requests or answers on their way."""

    interceptor: InterceptorKind
    interception_points: list[str]
    input_configuration: InterceptorInput = Field(default_factory=InterceptorInput)

    @property
    def arn(self) -> str:
        """The function's ARN."""
        return self.interceptor.function.arn

    @property
    def passes_headers(self) -> bool:
        """Whether the function sees the request's headers."""
        return self.input_configuration.pass_request_headers


class CedarPolicy(BaseModel):
    """One deployed policy."""

    name: str
    statement: str


class GatewayConfiguration(BaseModel):
    """One deployed gateway with everything that decides a call."""

    gateway_id: str
    arn: str
    name: str
    targets: list[Target] = Field(default_factory=list)
    policies: list[CedarPolicy] = Field(default_factory=list)
    interceptors: list[Interceptor] = Field(default_factory=list)
    authorizer: str = "AWS_IAM"
    mode: Literal["ENFORCE", "LOG_ONLY", "NONE"] = "NONE"

    @property
    def account(self) -> str:
        """The account that the gateway is deployed in."""
        return self.arn.split(":")[4]

    @property
    def region(self) -> str:
        """The region that the gateway is deployed in."""
        return self.arn.split(":")[3]


class Identity(BaseModel):
    """Who holds a session token."""

    role_arn: str
    principal_arn: str


class Emulator:
    """Asks the cloud emulator what is deployed and who calls."""

    def __init__(self, client: httpx.AsyncClient, *, cache_seconds: float = _CONFIGURATION_SECONDS) -> None:
        """Ask through `client`, whose base address is the emulator's."""
        self._client = client
        self._cache_seconds = cache_seconds
        self._gateways: dict[str, tuple[float, GatewayConfiguration]] = {}
        self._identities: dict[str, Identity] = {}

    async def gateway(self, gateway_id: str) -> GatewayConfiguration | None:
        """Return a gateway as deployed now, give or take the cache's seconds."""
        kept = self._gateways.get(gateway_id)
        if kept is not None and time.monotonic() - kept[0] < self._cache_seconds:
            return kept[1]
        answer = await self._client.get(f"/_slipway/gateways/{gateway_id}")
        if answer.status_code == 404:
            self._gateways.pop(gateway_id, None)
            return None
        answer.raise_for_status()
        found = GatewayConfiguration.model_validate_json(answer.content)
        self._gateways[gateway_id] = (time.monotonic(), found)
        return found

    async def identity(self, token: str) -> Identity | None:
        """Return who holds a token; a token never changes hands, so this is remembered."""
        if token in self._identities:
            return self._identities[token]
        answer = await self._client.get(f"/_slipway/identities/{token}")
        if answer.status_code == 404:
            return None
        answer.raise_for_status()
        return self._identities.setdefault(token, Identity.model_validate_json(answer.content))
