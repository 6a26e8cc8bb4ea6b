"""What AgentCore Gateway tells a Lambda target beside the arguments."""

from __future__ import annotations

from collections.abc import Mapping

from slipway.domain.errors import InvalidInput

_TOOL_NAME = "bedrockAgentCoreToolName"


def called_tool(context: object) -> str:
    """The tool's own name: the gateway sends it as `target___tool` in the client context."""
    custom = getattr(getattr(context, "client_context", None), "custom", None)
    name = custom.get(_TOOL_NAME) if isinstance(custom, Mapping) else None
    if not isinstance(name, str):
        raise InvalidInput(f"the call has no {_TOOL_NAME}: only a gateway may invoke this function")
    return name.rpartition("___")[2]
