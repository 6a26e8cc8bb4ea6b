"""The MCP session with a gateway: grants, errors, repeated reads, and the signature on every request."""

from __future__ import annotations

import gc
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import boto3
import httpx
import pytest
import uvicorn
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from fastmcp import FastMCP
from fastmcp.exceptions import ToolError
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from slipway.adapters.aws.gateway_auth import GatewayAuth
from slipway.agentkit.gateway import McpGateway
from slipway.agentkit.gateway_failures import failure
from slipway.domain.agent_spec import Tool, tools
from slipway.domain.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    Permanent,
    PolicyRefused,
    SlipwayError,
    Throttled,
    UpstreamUnavailable,
)

GRANTED = tools("github", "get_file_contents", "push_files", "list_commits")
SESSION = boto3.Session("AKIDEXAMPLE", "secret-key", "session-token", region_name="eu-west-1")


@dataclass
class Server:
    """What arrived at the gateway."""

    url: str = ""
    headers: list[dict[str, str]] = field(default_factory=list)
    failures_left: int = 0
    calls: int = 0


@dataclass
class Recorder:
    app: ASGIApp
    server: Server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.server.headers.append(dict(Request(scope).headers))
        await self.app(scope, receive, send)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    state = Server()
    mcp: FastMCP[None] = FastMCP("gateway")

    @mcp.tool(name="github___get_file_contents")
    def get_file_contents(path: str) -> str:
        state.calls += 1
        if state.failures_left:
            state.failures_left -= 1
            raise ToolError("failed to get contents: GET http://x: 502 Bad Gateway []")
        return f'{{"path": "{path}"}}'

    @mcp.tool(name="github___push_files")
    def push_files(path: str) -> str:
        state.calls += 1
        raise ToolError("failed to update ref: PATCH http://x: 502 Bad Gateway []")

    @mcp.tool(name="github___merge_pull_request")
    def merge_pull_request() -> str:
        return "merged"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = mcp.http_app(path="/mcp")
    running = uvicorn.Server(
        uvicorn.Config(Recorder(app, state), port=port, log_level="error", lifespan="on", ws="none")
    )
    thread = threading.Thread(target=running.run)
    thread.start()
    state.url = f"http://127.0.0.1:{port}/mcp"
    waited = threading.Event()
    for _ in range(500):
        if running.started:
            break
        waited.wait(0.01)
    yield state
    running.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def gateway(server: Server) -> Iterator[McpGateway]:
    server.calls, server.failures_left = 0, 0
    server.headers.clear()
    made = McpGateway(server.url, auth=GatewayAuth(SESSION), granted=GRANTED, pause=lambda seconds: None)
    yield made
    made.close()


def test_only_granted_tools_are_shown(gateway: McpGateway) -> None:
    assert set(gateway.described()) == {"github___get_file_contents", "github___push_files"}


def test_a_tool_answers(gateway: McpGateway) -> None:
    assert gateway.call("github___get_file_contents", {"path": "a.py"}).data() == {"path": "a.py"}


def test_a_tool_that_is_not_granted_is_not_even_sent(gateway: McpGateway, server: Server) -> None:
    with pytest.raises(PolicyRefused, match="merge_pull_request"):
        gateway.call("github___merge_pull_request", {})
    assert server.headers == []


def test_a_read_is_tried_again_after_a_failure_that_passes(gateway: McpGateway, server: Server) -> None:
    server.failures_left = 2
    gateway.call("github___get_file_contents", {"path": "a.py"})
    assert server.calls == 3


def test_a_write_is_not_tried_again(gateway: McpGateway, server: Server) -> None:
    with pytest.raises(UpstreamUnavailable):
        gateway.call("github___push_files", {"path": "a.py"})
    assert server.calls == 1


def test_every_request_is_signed_with_the_process_identity(gateway: McpGateway, server: Server) -> None:
    gateway.call("github___get_file_contents", {"path": "a.py"})
    assert server.headers
    for headers in server.headers:
        assert headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
        assert "/eu-west-1/bedrock-agentcore/aws4_request" in headers["authorization"]
        assert headers["x-amz-security-token"] == "session-token"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_gateway_that_is_not_there_is_an_outage() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/mcp"
    gateway = McpGateway(url, auth=None, granted=GRANTED, pause=lambda seconds: None)
    with pytest.raises(UpstreamUnavailable, match="could not be reached"):
        gateway.call("github___push_files", {})
    # Strands leaves a coroutine on the loop of a session that never began; let go of it here.
    gc.collect()


def test_a_missing_address_says_which_setting_is_missing() -> None:
    with pytest.raises(InvalidInput, match="SLIPWAY_GATEWAY_URL"):
        McpGateway("", auth=None, granted=GRANTED).call("github___push_files", {})


def test_the_signature_is_the_one_the_service_computes() -> None:
    request = httpx.Request(
        "POST", "https://gateway.test/mcp", content=b"{}", headers={"accept": "application/json"}
    )
    signed = next(GatewayAuth(SESSION).auth_flow(request))
    names = signed.headers["authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
    again = AWSRequest(
        method="POST",
        url="https://gateway.test/mcp",
        data=b"{}",
        headers={name: signed.headers[name] for name in names},
    )
    credentials = SESSION.get_credentials()
    assert credentials is not None
    signer = SigV4Auth(credentials.get_frozen_credentials(), "bedrock-agentcore", "eu-west-1")
    again.context["timestamp"] = signed.headers["x-amz-date"]
    canonical = signer.canonical_request(again)
    expected = signer.signature(signer.string_to_sign(again, canonical), again)
    assert signed.headers["authorization"].endswith(f"Signature={expected}")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("failed to create branch: POST https://x/git/refs: 422 Reference already exists []", InvalidInput),
        ("failed to get file: GET https://x/contents/a: 404 Not Found []", NotFound),
        ("GET https://x: 403 API rate limit exceeded for installation []", Throttled),
        ("denied by policy execution_tools", PolicyRefused),
        ("PATCH https://x: 422 Update is not a fast forward []", Conflict),
        ("GET https://x: 503 Service Unavailable []", UpstreamUnavailable),
        ("missing required parameter: branch", Permanent),
        ("NotFound: acme/shop has no branch feature/x", NotFound),
        ("Sandbox.Timedout: RequestId: 1 Error: Task timed out", Permanent),
    ],
)
def test_failures_are_named(text: str, kind: type[SlipwayError]) -> None:
    assert type(failure("github___x", text)) is kind


def test_a_tool_knows_its_gateway_name() -> None:
    assert Tool(target="github", name="push_files").gateway_name == "github___push_files"
