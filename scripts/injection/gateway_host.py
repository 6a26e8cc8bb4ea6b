"""The laptop's gateway with the policies of the agents' specs, over an outside world in this process."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import boto3
from pydantic import JsonValue
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import lambdas
from agents.registry import AGENTS
from local import double
from local.gateway.app import build
from scripts.injection.outside import Outside
from slipway.adapters.aws.gateway_auth import GatewayAuth
from slipway.adapters.memory.platform import MemoryPlatform
from slipway.agentkit.gateway import McpGateway
from slipway.domain.agent_spec import AgentSpec, Tool
from slipway.domain.knowledge import FoundPassage
from slipway.domain.tool_policy import permit_sessions
from slipway.domain.tool_screening import denial, screen
from slipway.services.quote_knowledge import quoted
from slipway.services.snapshot_repository import snapshot_repository

_ACCOUNT = "000000000000"
_REGION = "eu-west-1"
_ARN = f"arn:aws:bedrock-agentcore:{_REGION}:{_ACCOUNT}:gateway/tools"
_SCREEN = "screen"


@dataclass
class GatewayHost:
    """Where agents find their gateway, and what stands behind it now."""

    outside: Outside
    platform: MemoryPlatform
    url: str = ""
    passages: tuple[FoundPassage, ...] = field(default=())

    def open(self, spec: AgentSpec, *, granted: tuple[Tool, ...] | None = None) -> McpGateway:
        """A session in the agent's role, signed as in AWS; `granted` is what the caller's own code allows."""
        session = boto3.Session("AKIDEVAL", "eval", spec.name, region_name=_REGION)
        return McpGateway(
            f"{self.url}/gateways/tools/mcp",
            auth=GatewayAuth(session),
            granted=spec.tools if granted is None else granted,
            pause=lambda _: None,
        )

    def function(self, name: str, event: dict[str, JsonValue]) -> JsonValue:
        """The gateway's functions: its interceptor, and the targets that are ours."""
        match name:
            case "screen":
                return _screened(event)
            case "knowledge":
                found: JsonValue = json.loads(json.dumps(quoted(self.passages)))
                return found
            case _:
                ref = event.get("ref")
                return asdict(
                    snapshot_repository(str(event["repository"]), str(ref) if ref else None, self.platform)
                )


@contextlib.contextmanager
def gateway_host(outside: Outside, platform: MemoryPlatform) -> Iterator[GatewayHost]:
    """Serve the gateway and the part of the cloud that it asks, on loopback, until the block ends."""
    host = GatewayHost(outside=outside, platform=platform)
    servers = {"api.githubcopilot.com": outside.github(), "mcp.atlassian.com": outside.jira()}
    with (
        double.serving(lambda _: _cloud(host)) as cloud,
        double.serving(lambda _: build(emulator_url=cloud, servers=servers)) as url,
    ):
        host.url = url
        yield host


def _screened(event: dict[str, JsonValue]) -> JsonValue:
    """What the deployed interceptor answers, by the same rule."""
    message: JsonValue = event["mcp"]["gatewayRequest"]["body"]  # type: ignore[index, call-overload]  # as sent
    refusals = screen(message) if message is not None else ()
    if not refusals:
        return {"mcp": {"transformedGatewayRequest": {"body": message}}}
    refused: JsonValue = json.loads(json.dumps(denial(message, refusals)))
    return {"mcp": {"transformedGatewayResponse": {"statusCode": 200, "body": refused}}}


def _role(agent: str) -> str:
    return f"arn:aws:sts::{_ACCOUNT}:assumed-role/slipway-{agent}"


def _document() -> dict[str, JsonValue]:
    """The gateway as deployed: its targets, a policy for each agent's role, and its interceptor."""
    remote = {"github": "api.githubcopilot.com", "jira": "mcp.atlassian.com"}
    targets: list[JsonValue] = [
        {"name": name, "target_configuration": {"mcp": {"mcpServer": {"endpoint": f"https://{host}/mcp"}}}}
        for name, host in remote.items()
    ]
    folder = Path(next(iter(lambdas.__path__)))
    for name in ("repositories", "knowledge"):
        described: JsonValue = json.loads((folder / f"{name}_tool" / "tool_schema.json").read_bytes())
        function: JsonValue = {"lambdaArn": _function(name), "toolSchema": {"inlinePayload": described}}
        targets.append({"name": name, "target_configuration": {"mcp": {"lambda": function}}})
    policies: list[JsonValue] = [
        {
            "name": name,
            "statement": permit_sessions(spec.tools, role=_role(name), gateway_arn=_ARN),
        }
        for name, spec in AGENTS.items()
        if spec.tools
    ]
    return {
        "gateway_id": "tools",
        "arn": _ARN,
        "name": "tools",
        "targets": targets,
        "policies": policies,
        "mode": "ENFORCE",
        "interceptors": [
            {
                "interceptor": {"lambda": {"arn": _function(_SCREEN)}},
                "interceptionPoints": ["REQUEST"],
            }
        ],
    }


def _function(name: str) -> str:
    return f"arn:aws:lambda:{_REGION}:{_ACCOUNT}:function:{name}"


def _cloud(host: GatewayHost) -> Starlette:
    async def gateway(_request: Request) -> Response:
        return JSONResponse(_document())

    async def identity(request: Request) -> Response:
        role = _role(str(request.path_params["token"]))
        return JSONResponse({"role_arn": role, "principal_arn": f"{role}/run"})

    async def invoke(request: Request) -> Response:
        name = str(request.path_params["name"]).rpartition(":")[2]
        return JSONResponse(host.function(name, await request.json()))

    return Starlette(
        routes=[
            Route("/_slipway/gateways/tools", gateway),
            Route("/_slipway/identities/{token}", identity),
            Route("/2015-03-31/functions/{name}/invocations", invoke, methods=["POST"]),
        ]
    )
