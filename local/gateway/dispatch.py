"""One MCP message of an authenticated caller: which tools it sees, and what a call may do."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.gateway import policy, search
from local.gateway.calls import CallLog, Outcome
from local.gateway.tools import Invocation, Result, failure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import mcp.types as mcp_types
    from pydantic import JsonValue

    from local.gateway.configuration import GatewayConfiguration
    from local.gateway.identity import Caller
    from local.gateway.targets import Targets

logger = logging.getLogger(__name__)

_SEPARATOR = "___"


@dataclass(frozen=True)
class Session:
    """A caller at a gateway."""

    gateway: GatewayConfiguration
    caller: Caller


class Dispatcher:
    """Lists and calls the tools of gateways."""

    def __init__(self, targets: Targets, calls: CallLog) -> None:
        """Reach tools through `targets` and remember calls in `calls`."""
        self._targets = targets
        self._calls = calls

    def tools(self, session: Session) -> list[mcp_types.Tool]:
        """Return the tools that the caller may call, and the search over them."""
        return [search.described(), *self._permitted(session)]

    async def call(
        self, session: Session, name: str, arguments: Mapping[str, JsonValue], *, message_id: str
    ) -> Result:
        """Authorise and run one call."""
        started = time.monotonic()
        outcome, result = await self._call(session, name, arguments, message_id)
        self._calls.add(
            session.gateway.gateway_id,
            caller=session.caller.principal_arn,
            tool=name,
            outcome=outcome,
            milliseconds=round((time.monotonic() - started) * 1000),
        )
        return result

    async def _call(
        self, session: Session, name: str, arguments: Mapping[str, JsonValue], message_id: str
    ) -> tuple[Outcome, Result]:
        if name == search.SEARCH_TOOL:
            return "ok", search.search(str(arguments.get("query", "")), self._permitted(session))
        decision = policy.decide(
            session.gateway, principal=session.caller.principal_arn, tool=name, arguments=arguments
        )
        if not decision.allowed:
            logger.warning(
                "tool=<%s>, caller=<%s>, mode=<%s> | policy denies: %s",
                name,
                session.caller.principal_arn,
                session.gateway.mode,
                decision.reason,
            )
        if not decision.allowed and session.gateway.mode == "ENFORCE":
            return "denied", failure(f"denied by policy: {decision.reason}")
        target_name, _, tool = name.partition(_SEPARATOR)
        target = self._targets.of(session.gateway).get(target_name)
        if target is None:
            return "error", failure(f"Unknown tool: {name}; tools/list names the tools that exist")
        invocation = Invocation(
            gateway_id=session.gateway.gateway_id, target=target_name, tool=tool, message_id=message_id
        )
        result = await target.call(invocation, arguments)
        return "error" if result.is_error else "ok", result

    def _permitted(self, session: Session) -> Sequence[mcp_types.Tool]:
        named = [
            tool.model_copy(update={"name": f"{target_name}{_SEPARATOR}{tool.name}"})
            for target_name, target in self._targets.of(session.gateway).items()
            for tool in target.tools()
        ]
        principal = session.caller.principal_arn
        return [
            tool for tool in named if policy.may_call(session.gateway, principal=principal, tool=tool.name)
        ]
