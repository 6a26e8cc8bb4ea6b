"""The agents' way to the outside: official tools behind one MCP endpoint, as far as the spec grants them."""

from __future__ import annotations

import json
import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from pydantic import JsonValue

from slipway.agentkit.gateway_failures import failure
from slipway.domain.agent_spec import Tool
from slipway.domain.errors import Conflict, InvalidInput, PolicyRefused, Retryable, UpstreamUnavailable

if TYPE_CHECKING:
    import httpx
    from strands.tools.mcp import MCPClient
    from strands.types.tools import ToolSpec

logger = logging.getLogger(__name__)

READ_ONLY = ("get", "list", "search", "snapshot", "pull_request_read", "actions_get", "actions_list")
CALL_TIMEOUT = timedelta(seconds=60)
PAUSES_SECONDS = (0.5, 2.0)


@dataclass(frozen=True)
class Reply:
    """The text parts of a tool's answer."""

    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """All parts, one after the other."""
        return "\n".join(self.parts)

    def data(self) -> JsonValue:
        """The first part read as JSON."""
        try:
            value: JsonValue = json.loads(self.parts[0])
        except (IndexError, ValueError) as error:
            raise UpstreamUnavailable("a gateway tool answered with something that is not JSON") from error
        return value


class Gateway(Protocol):
    """Calls tools by AgentCore's name, `target___tool`; failures are errors of the tree."""

    def described(self) -> Mapping[str, ToolSpec]:
        """The granted tools that the gateway offers, by name."""
        ...

    def call(self, name: str, arguments: Mapping[str, JsonValue]) -> Reply:
        """Call one granted tool."""
        ...

    def close(self) -> None:
        """End the session."""
        ...


class McpGateway:
    """A session with an AgentCore gateway, opened on first use and safe to use from several threads."""

    def __init__(
        self,
        url: str,
        *,
        auth: httpx.Auth | None,
        granted: Sequence[Tool],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url
        self._auth = auth
        self._granted = [tool.gateway_name for tool in granted]
        self._pause = pause
        self._lock = threading.Lock()
        self._client: MCPClient | None = None
        self._described: dict[str, ToolSpec] | None = None

    def described(self) -> Mapping[str, ToolSpec]:
        """The granted tools, listed once per session."""
        if self._described is None:
            self._described = {tool.tool_name: tool.tool_spec for tool in self._list(self._session())}
        return self._described

    def call(self, name: str, arguments: Mapping[str, JsonValue]) -> Reply:
        """Call one granted tool; reads are tried again after a retryable failure, writes are not."""
        if name not in self._granted:
            raise PolicyRefused(f"{name} is not among the tools that this agent's spec grants")
        pauses = PAUSES_SECONDS if name.partition("___")[2].startswith(READ_ONLY) else ()
        for seconds in pauses:
            try:
                return self._call(name, arguments)
            except Conflict:
                raise
            except Retryable as error:
                logger.warning("tool=<%s>, error=<%s> | gateway call failed, trying again", name, error)
                self._pause(seconds)
        return self._call(name, arguments)

    def close(self) -> None:
        """End the session; a later call opens a new one."""
        with self._lock:
            client, self._client, self._described = self._client, None, None
        if client is not None:
            client.stop(None, None, None)

    def _call(self, name: str, arguments: Mapping[str, JsonValue]) -> Reply:
        session = self._session()
        try:
            result = session.call_tool_sync(
                tool_use_id=uuid.uuid4().hex,
                name=name,
                arguments=dict(arguments),
                read_timeout_seconds=CALL_TIMEOUT,
            )
        except Exception as error:
            # The client raises whatever its transport raised; the session is not worth keeping after that.
            self.close()
            raise UpstreamUnavailable(
                f"the gateway did not answer {name} ({type(error).__name__})"
            ) from error
        parts = tuple(block["text"] for block in result["content"] if "text" in block)
        if result["status"] == "error":
            raise failure(name, "\n".join(parts))
        return Reply(parts)

    def _session(self) -> MCPClient:
        with self._lock:
            if self._client is None:
                self._client = self._open()
            return self._client

    def _open(self) -> MCPClient:
        if not self._url:
            raise InvalidInput("no gateway URL is configured: set SLIPWAY_GATEWAY_URL")
        # Imported here: it takes most of a second, and a process must answer its first ping sooner.
        from strands.tools.mcp import MCPClient

        client = MCPClient(url=self._url, auth_provider=self._auth, application_name="slipway")
        try:
            return client.start()
        except Exception as error:
            raise UpstreamUnavailable(
                f"the gateway at {self._url} could not be reached ({type(error.__cause__ or error).__name__})"
            ) from error

    def _list(self, session: MCPClient) -> list[_Described]:
        found: list[_Described] = []
        token: str | None = None
        try:
            while True:
                page = session.list_tools_sync(pagination_token=token)
                found += [each for each in page if each.tool_name in self._granted]
                token = page.pagination_token
                if token is None:
                    return found
        except Exception as error:
            self.close()
            raise UpstreamUnavailable(
                f"the gateway did not list its tools ({type(error).__name__})"
            ) from error


class _Described(Protocol):
    @property
    def tool_name(self) -> str: ...

    @property
    def tool_spec(self) -> ToolSpec: ...
