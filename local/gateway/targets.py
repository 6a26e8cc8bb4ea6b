"""From a deployed target to the tools behind it on the laptop."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from local.gateway.functions import Functions
from local.gateway.lambda_target import LambdaToolset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.gateway.configuration import GatewayConfiguration, Target
    from local.gateway.tools import Toolset

logger = logging.getLogger(__name__)


class Targets:
    """The toolsets of every gateway, made when its deployed configuration is first seen."""

    def __init__(self, servers: Mapping[str, Toolset], *, emulator_url: str) -> None:
        """Answer for remote MCP servers with `servers`, by the host of their endpoint."""
        self._servers = servers
        self._emulator_url = emulator_url
        self._made: dict[str, tuple[GatewayConfiguration, dict[str, Toolset]]] = {}
        self._functions: dict[tuple[str, str], Functions] = {}

    def functions(self, gateway: GatewayConfiguration) -> Functions:
        """Return the functions that a gateway may name: those of its account and region."""
        key = (gateway.account, gateway.region)
        return self._functions.setdefault(key, Functions(gateway, emulator_url=self._emulator_url))

    def of(self, gateway: GatewayConfiguration) -> Mapping[str, Toolset]:
        """Return a gateway's toolsets by target name; a new deployment makes them anew."""
        made = self._made.get(gateway.gateway_id)
        if made is not None and made[0] == gateway:
            return made[1]
        found: dict[str, Toolset] = {}
        for target in gateway.targets:
            toolset = self._toolset(target, gateway)
            if toolset is not None:
                found[target.name] = toolset
        self._made[gateway.gateway_id] = (gateway, found)
        return found

    def _toolset(self, target: Target, gateway: GatewayConfiguration) -> Toolset | None:
        mcp = target.target_configuration.mcp
        if mcp.function is not None:
            return LambdaToolset(
                mcp.function,
                target_id=target.target_id or target.name,
                functions=self.functions(gateway),
            )
        if mcp.mcp_server is None:
            logger.error("target=<%s> | this kind of target has no local equivalent", target.name)
            return None
        host = urlsplit(mcp.mcp_server.endpoint).hostname or ""
        server = self._servers.get(host)
        if server is None:
            logger.error(
                "target=<%s>, host=<%s> | no local equivalent; known hosts: %s",
                target.name,
                host,
                ", ".join(self._servers),
            )
        return server
