"""What the gateway tells a request interceptor."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class GatewayRequest(BaseModel):
    """The MCP request; a request without a body ends or opens a stream and carries nothing."""

    model_config = ConfigDict(extra="ignore")

    body: JsonValue


class Mcp(BaseModel):
    """What the gateway intercepted."""

    model_config = ConfigDict(extra="ignore")

    request: GatewayRequest = Field(alias="gatewayRequest")


class Interception(BaseModel):
    """The event of a request interceptor."""

    model_config = ConfigDict(extra="ignore")

    mcp: Mcp
