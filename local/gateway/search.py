"""The gateway's own tool: finds the tools that fit a description of the work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import mcp.types as mcp_types

if TYPE_CHECKING:
    from collections.abc import Sequence

SEARCH_TOOL: Final = "x_amz_bedrock_agentcore_search"
_RESULTS: Final = 10
_NAME_WEIGHT: Final = 3


def described() -> mcp_types.Tool:
    """Return the search tool as `tools/list` gives it."""
    return mcp_types.Tool(
        name=SEARCH_TOOL,
        description=(
            "A special tool that returns a trimmed down list of tools given a context. "
            "Use this tool only when there are many tools available and you want to get a subset "
            "that matches the provided context."
        ),
        input_schema={
            "type": "object",
            "properties": {"query": {"type": "string", "description": "search query"}},
            "required": ["query"],
        },
    )


def search(query: str, tools: Sequence[mcp_types.Tool]) -> mcp_types.CallToolResult:
    """Return the tools whose name and description share the most words with the query."""
    wanted = _words(query)
    scored = [(_score(wanted, tool), tool) for tool in tools]
    best = sorted((entry for entry in scored if entry[0]), key=lambda entry: (-entry[0], entry[1].name))
    found = [
        {"name": tool.name, "description": tool.description, "inputSchema": tool.input_schema}
        for _, tool in best[:_RESULTS]
    ]
    names = "\n".join(tool.name for _, tool in best[:_RESULTS]) or "no tool fits"
    return mcp_types.CallToolResult(
        content=[mcp_types.TextContent(type="text", text=names)], structured_content={"tools": found}
    )


def _score(wanted: set[str], tool: mcp_types.Tool) -> int:
    in_name = len(wanted & _words(tool.name))
    return _NAME_WEIGHT * in_name + len(wanted & _words(tool.description or ""))


def _words(text: str) -> set[str]:
    """Return the words of prose or of an identifier in snake or camel case, in the singular."""
    parted = re.sub(r"([a-z])([A-Z])", r"\1 \2", text)
    return {word.removesuffix("s") for word in re.findall(r"[a-z]+", parted.lower())}
