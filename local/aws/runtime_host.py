"""Runs deployed agent runtimes as processes and hands them their requests."""

from __future__ import annotations

import contextvars
import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass

from local.aws import assets, child_processes, log_groups, metrics
from local.aws.agent_pool import AgentPool
from local.aws.agent_process import AgentDidNotStart, AgentLaunch, AgentProcess
from local.aws.configuration import HOST
from local.aws.context import Context

SESSION_HEADER = "x-amzn-bedrock-agentcore-runtime-session-id"
REQUEST_HEADER = "x-amzn-bedrock-agentcore-runtime-request-id"
CUSTOM_HEADER_PREFIX = "x-amzn-bedrock-agentcore-runtime-custom-"
FORWARDED_HEADERS = frozenset(
    {
        "accept",
        "baggage",
        "mcp-protocol-version",
        "mcp-session-id",
        "traceparent",
        "tracestate",
        "x-amzn-bedrock-agentcore-runtime-user-id",
        "x-amzn-trace-id",
    }
)
DEFAULT_IDLE_SECONDS = 900
INVOCATION_SECONDS = 900
SESSION_ID_MINIMUM = 33
PATHS = {"MCP": "/mcp", "A2A": "/"}
Runtime = dict[str, object]

endpoint_name: contextvars.ContextVar[str] = contextvars.ContextVar("endpoint_name", default="DEFAULT")
"""The endpoint that the current invocation named."""
whole_answer: contextvars.ContextVar[bool] = contextvars.ContextVar("whole_answer", default=False)
"""Whether the caller cannot take a stream."""


class InvocationRefused(Exception):
    """An invocation that the service answers itself, with an AWS error code."""

    def __init__(self, code: str, message: str, *, status: int) -> None:
        self.code = code
        self.message = message
        self.status = status
        super().__init__(message)


@dataclass
class Invocation:
    """A request that an agent is answering."""

    agent: AgentProcess
    response: http.client.HTTPResponse
    connection: http.client.HTTPConnection
    headers: dict[str, str]

    def read(self) -> bytes:
        """The whole answer."""
        try:
            return self.response.read()
        except (OSError, http.client.HTTPException) as error:
            raise broken_off(self.agent.launch, error) from error
        finally:
            self.close()

    def read_some(self) -> bytes:
        """The next part of the answer, as soon as there is one; empty at its end."""
        return self.response.read1(65536)

    def close(self) -> None:
        """Let go of the agent."""
        self.connection.close()
        self.agent.end()


class RuntimeHost:
    """Runs the agents of one emulator."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.pool = AgentPool(
            lifeline=context.lifeline, on_end=lambda launch: context.identities.revoke(launch.token)
        )

    def invoke(self, runtime: Runtime, headers: Mapping[str, str], body: bytes) -> Invocation:
        """Send one request to the agent of this runtime version; its answer is not read yet."""
        started = time.monotonic()
        error: str | None = None
        try:
            return self._invoke(runtime, headers, body)
        except InvocationRefused as refused:
            error = "UserErrors" if refused.status < 500 else "SystemErrors"
            raise
        finally:
            metrics.record_agent_invocation(
                arn=str(runtime["agentRuntimeArn"]),
                name=str(runtime["agentRuntimeName"]),
                endpoint=endpoint_name.get(),
                milliseconds=(time.monotonic() - started) * 1000,
                error=error,
            )

    def _invoke(self, runtime: Runtime, headers: Mapping[str, str], body: bytes) -> Invocation:
        from ministack.core.responses import new_uuid

        session = headers.get(SESSION_HEADER) or new_uuid()
        if len(session) < SESSION_ID_MINIMUM:
            raise InvocationRefused(
                "ValidationException",
                f"Value '{session}' at 'runtimeSessionId' failed to satisfy constraint: "
                f"Member must have length greater than or equal to {SESSION_ID_MINIMUM}",
                status=400,
            )
        agent = self._agent(runtime, session)
        forwarded = {
            **forwarded_headers(runtime, headers),
            "Content-Type": headers.get("content-type", "application/json"),
            SESSION_HEADER: session,
            REQUEST_HEADER: new_uuid(),
        }
        connection = http.client.HTTPConnection(HOST, agent.port, timeout=INVOCATION_SECONDS)
        protocol = str(as_mapping(runtime.get("protocolConfiguration")).get("serverProtocol", "HTTP"))
        try:
            connection.request("POST", PATHS.get(protocol, "/invocations"), body=body, headers=forwarded)
            response = connection.getresponse()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            agent.end()
            raise broken_off(agent.launch, error) from error
        reply = {
            "Content-Type": response.headers.get("Content-Type", "application/json"),
            SESSION_HEADER: session,
        }
        invocation = Invocation(agent, response, connection, reply)
        if response.status >= 400:
            detail = invocation.read()[:2000].decode("utf-8", "replace")
            message = f"Received error ({response.status}) from runtime. {detail}"
            raise InvocationRefused("RuntimeClientError", message, status=424)
        return invocation

    def _agent(self, runtime: Runtime, session: str) -> AgentProcess:
        key = (str(runtime["agentRuntimeId"]), str(runtime["agentRuntimeVersion"]))
        group = f"/aws/bedrock-agentcore/runtimes/{key[0]}-{endpoint_name.get()}"
        sink = log_groups.line_sink(group, stream=f"version-{key[1]}")
        try:
            return self.pool.acquire(key, session, describe=lambda: self._describe(runtime), on_line=sink)
        except (AgentDidNotStart, assets.UnreadableAsset) as error:
            raise InvocationRefused("RuntimeClientError", str(error), status=424) from error

    def _describe(self, runtime: Runtime) -> AgentLaunch:
        from ministack.core.responses import get_account_id, get_region

        settings = self._context.configuration
        name, version = str(runtime["agentRuntimeName"]), str(runtime["agentRuntimeVersion"])
        archive, entry_point = code_asset(runtime)
        code = assets.unpack(archive, root=settings.state_directory / "assets" / "agent")
        identity = self._context.identities.issue(str(runtime["roleArn"]), session=name)
        deployed = as_mapping(runtime.get("environmentVariables"))
        environment = {
            **child_processes.clean_environment(home=self._context.home),
            **{variable: str(value) for variable, value in deployed.items()},
            **child_processes.aws_environment(
                port=settings.port, region=get_region(), account=get_account_id(), token=identity.token
            ),
            **settings.overlay("agent"),
        }
        lifecycle = as_mapping(runtime.get("lifecycleConfiguration"))
        return AgentLaunch(
            runtime_id=str(runtime["agentRuntimeId"]),
            name=name,
            version=version,
            code=code,
            entry_point=entry_point,
            environment=environment,
            python=settings.agent_python,
            bytecode=settings.state_directory / "bytecode",
            log=settings.state_directory / "logs" / "agents" / f"{name}-v{version}.log",
            token=identity.token,
            idle_seconds=float(str(lifecycle.get("idleRuntimeSessionTimeout", DEFAULT_IDLE_SECONDS))),
            start_seconds=settings.agent_start_seconds,
        )


def broken_off(launch: AgentLaunch, error: Exception) -> InvocationRefused:
    """What the caller is told when the process ended in the middle of a request."""
    reason = f"({type(error).__name__}); see {launch.log}"
    message = f"agent {launch.name} broke off while it handled the request {reason}"
    return InvocationRefused("RuntimeClientError", message, status=424)


def forwarded_headers(runtime: Runtime, headers: Mapping[str, str]) -> dict[str, str]:
    """The request headers that an agent may see; never the caller's signature."""
    allowed = as_mapping(runtime.get("requestHeaderConfiguration")).get("requestHeaderAllowlist")
    names = {str(name).lower() for name in allowed} if isinstance(allowed, list) else set()
    return {
        name: value
        for name, value in headers.items()
        if name in FORWARDED_HEADERS
        or (name in names and not value.startswith("AWS4-"))
        or name.startswith(CUSTOM_HEADER_PREFIX)
    }


def code_asset(runtime: Runtime) -> tuple[bytes, tuple[str, ...]]:
    """The zip and the entry point that a runtime version was deployed with."""
    from ministack.services import s3

    artifact = as_mapping(runtime.get("agentRuntimeArtifact"))
    configuration = as_mapping(artifact.get("codeConfiguration"))
    if not configuration:
        raise InvocationRefused(
            "RuntimeClientError",
            f"agent {runtime['agentRuntimeName']} is a container image: only code assets run on the laptop",
            status=424,
        )
    location = as_mapping(as_mapping(configuration.get("code")).get("s3"))
    bucket, key = location.get("bucket"), location.get("prefix")
    archive = s3._get_object_data(bucket, key, location.get("versionId"))
    if archive is None:
        raise InvocationRefused(
            "RuntimeClientError",
            f"code of agent {runtime['agentRuntimeName']} is not at s3://{bucket}/{key}; deploy it again",
            status=424,
        )
    entry = configuration.get("entryPoint")
    return bytes(archive), tuple(str(word) for word in entry) if isinstance(entry, list) else ()


def as_mapping(value: object) -> dict[str, object]:
    """A mapping, whatever an optional structure holds."""
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else {}
