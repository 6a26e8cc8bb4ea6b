"""A started gateway over a stub of the emulator, and MCP clients for two callers."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import httpx2
import mcp
import pytest
from mcp.client.streamable_http import streamable_http_client
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local import double
from local.gateway.app import build
from local.gateway.jira import jira_server
from local.gateway.jira.client import JiraSite
from local.jira.app import build as build_jira

ARN = "arn:aws:bedrock-agentcore:eu-west-1:000000000000:gateway/tools-1"
PLANNER = "arn:aws:sts::000000000000:assumed-role/planning/run"
STRANGER = "arn:aws:sts::000000000000:assumed-role/other/run"
SIGNED = (
    "AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-west-1/bedrock-agentcore/aws4_request, "
    "SignedHeaders=host, Signature=0"
)
LAMBDA = "arn:aws:lambda:eu-west-1:000000000000:function:tickets"
SCREEN = "arn:aws:lambda:eu-west-1:000000000000:function:screen"


def permit(*tools: str, when: str = "true") -> str:
    actions = ", ".join(f'AgentCore::Action::"{tool}"' for tool in tools)
    return (
        f"permit(principal is AgentCore::IamEntity, action in [{actions}], "
        f'resource == AgentCore::Gateway::"{ARN}") '
        f'when {{ principal.id like "arn:aws:sts::000000000000:assumed-role/planning/*" && {when} }};'
    )


Screen = Callable[[dict[str, object]], dict[str, object]]
"""A request interceptor: its event to its answer; an exception is the function's failure."""


@dataclass
class StubEmulator:
    """Knows one gateway and two callers, and has a Lambda function that echoes and one that screens."""

    policies: list[str] = field(default_factory=list)
    mode: str = "ENFORCE"
    authorizer: str = "AWS_IAM"
    failure: str = ""
    screen: Screen | None = None
    screened: list[dict[str, object]] = field(default_factory=list)
    invocations: list[dict[str, object]] = field(default_factory=list)

    def document(self) -> dict[str, object]:
        schema = {
            "Type": "object",
            "Properties": {"Title": {"Type": "string", "Description": "what it says"}},
            "Required": ["Title"],
        }
        tool = {"Name": "create_ticket", "Description": "Create a ticket", "InputSchema": schema}
        function = {"LambdaArn": LAMBDA, "ToolSchema": {"InlinePayload": [tool]}}
        targets = {
            "jira": {"mcp": {"mcpServer": {"endpoint": "https://mcp.atlassian.com/v2/mcp"}}},
            "tickets": {"Mcp": {"Lambda": function}},
            "unknown": {"mcp": {"mcpServer": {"endpoint": "https://mcp.example.com/mcp"}}},
        }
        return {
            "gateway_id": "tools-1",
            "arn": ARN,
            "name": "tools",
            "targets": [{"name": n, "target_configuration": c} for n, c in targets.items()],
            "policies": [{"name": f"p{i}", "statement": s} for i, s in enumerate(self.policies)],
            "authorizer": self.authorizer,
            "mode": self.mode,
            "interceptors": [{"interceptor": {"lambda": {"arn": SCREEN}}, "interceptionPoints": ["REQUEST"]}]
            if self.screen
            else [],
        }

    def app(self, _url: str) -> Starlette:
        async def gateway(_request: Request) -> Response:
            return JSONResponse(self.document())

        async def identity(request: Request) -> Response:
            principals = {"planner-token": PLANNER, "stranger-token": STRANGER}
            principal = principals.get(request.path_params["token"])
            if principal is None:
                return JSONResponse({"message": "unknown"}, status_code=404)
            return JSONResponse({"role_arn": "arn:aws:iam::000000000000:role/r", "principal_arn": principal})

        async def invoke(request: Request) -> Response:
            event = await request.json()
            if request.path_params["name"].endswith("screen") and self.screen is not None:
                self.screened.append(event)
                try:
                    return JSONResponse(self.screen(event))
                except ValueError as error:
                    document = {"errorType": "ValueError", "errorMessage": str(error)}
                    return JSONResponse(document, headers={"X-Amz-Function-Error": "Unhandled"})
            self.invocations.append(
                {"event": event, "context": request.headers.get("x-amz-client-context", "")}
            )
            if self.failure:
                document = {"errorType": "Denied", "errorMessage": self.failure, "stackTrace": ["secret"]}
                return JSONResponse(document, headers={"X-Amz-Function-Error": "Unhandled"})
            return JSONResponse({"created": event})

        return Starlette(
            routes=[
                Route("/_slipway/gateways/tools-1", gateway),
                Route("/_slipway/identities/{token}", identity),
                Route("/2015-03-31/functions/{name}/invocations", invoke, methods=["POST"]),
            ]
        )


@dataclass
class Tools:
    """The gateway as its callers use it."""

    url: str
    emulator: StubEmulator
    jira_url: str

    @contextlib.asynccontextmanager
    async def connected(self, token: str = "planner-token") -> AsyncIterator[mcp.ClientSession]:
        headers = {"Authorization": SIGNED, "X-Amz-Security-Token": token}
        async with (
            httpx2.AsyncClient(verify=False, headers=headers, timeout=20) as client,
            streamable_http_client(f"{self.url}/gateways/tools-1/mcp", http_client=client) as streams,
            mcp.ClientSession(streams[0], streams[1]) as session,
        ):
            await session.initialize()
            yield session

    def names(self, token: str = "planner-token") -> list[str]:
        async def listed() -> list[str]:
            async with self.connected(token) as session:
                return [tool.name for tool in (await session.list_tools()).tools]

        return asyncio.run(listed())

    def call(
        self, name: str, arguments: dict[str, object], *, token: str = "planner-token"
    ) -> mcp.types.CallToolResult:
        async def called() -> mcp.types.CallToolResult:
            async with self.connected(token) as session:
                return await session.call_tool(name, arguments)

        return asyncio.run(called())

    def answer(self, name: str, arguments: dict[str, object]) -> object:
        """Call a tool that must work and return its JSON."""
        result = self.call(name, arguments)
        assert not result.is_error, result.content[0].text
        return json.loads(result.content[0].text)


@pytest.fixture
def emulator() -> StubEmulator:
    return StubEmulator()


@pytest.fixture
def tools(emulator: StubEmulator, tmp_path: Path) -> Iterator[Tools]:
    with contextlib.ExitStack() as stack:
        jira_url = stack.enter_context(
            double.serving(lambda url: build_jira(tmp_path / "jira", url=url, retry_seconds=[]))
        )
        admin = stack.enter_context(httpx.Client(verify=False, base_url=f"{jira_url}/_admin"))
        user = {"email": "bot@example.com", "display_name": "Slipway", "token": "t0", "bot": True}
        admin.post("/users", json=user).raise_for_status()
        admin.post("/projects", json={"key": "SHOP", "name": "Shop"}).raise_for_status()
        credentials = tmp_path / "jira-credentials.json"
        credentials.write_text(
            json.dumps({"base_url": jira_url, "email": "bot@example.com", "api_token": "t0"})
        )
        emulator_url = stack.enter_context(double.serving(emulator.app))
        client = httpx.AsyncClient(verify=False)
        servers = {"mcp.atlassian.com": jira_server(JiraSite(client, credentials))}
        url = stack.enter_context(
            double.serving(lambda _: build(emulator_url=emulator_url, servers=servers, clients=[client]))
        )
        yield Tools(url=url, emulator=emulator, jira_url=jira_url)


@pytest.fixture(name="permit")
def permit_fixture():
    return permit
