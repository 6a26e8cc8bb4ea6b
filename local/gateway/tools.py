"""What a tool is: a name, typed arguments that give its JSON Schema, and the code that runs."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import mcp.types as mcp_types
from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

if TYPE_CHECKING:
    from pydantic_core import core_schema

    from local.double import JsonObject

Result = mcp_types.CallToolResult


class ToolFailed(Exception):
    """A tool could not do its work; the message tells the caller what to do."""


@dataclass(frozen=True)
class Invocation:
    """What a target learns about one call beside the arguments."""

    gateway_id: str
    target: str
    tool: str
    message_id: str


class Toolset(Protocol):
    """The tools behind one target, named without the target."""

    def tools(self) -> Sequence[mcp_types.Tool]:
        """Describe the tools."""

    async def call(self, invocation: Invocation, arguments: Mapping[str, JsonValue]) -> Result:
        """Call one of them; what goes wrong is an error result, never an exception."""


class Arguments(BaseModel):
    """A tool's arguments; unknown ones are ignored, as the official servers do."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


A = TypeVar("A", bound=Arguments)


@dataclass(frozen=True)
class Tool(Generic[A]):
    """One tool of a server that is written here."""

    name: str
    description: str
    arguments: type[A]
    run: Callable[[A], Awaitable[Result | JsonValue]]
    read_only: bool = True
    destructive: bool | None = None

    def described(self) -> mcp_types.Tool:
        """Return the tool as `tools/list` gives it."""
        return mcp_types.Tool(
            name=self.name,
            description=self.description,
            input_schema=input_schema(self.arguments),
            annotations=mcp_types.ToolAnnotations(
                read_only_hint=self.read_only, destructive_hint=self.destructive
            ),
        )

    async def call(self, arguments: Mapping[str, JsonValue]) -> Result:
        """Check the arguments and run."""
        try:
            checked = self.arguments.model_validate(dict(arguments))
            answer = await self.run(checked)
        except ValidationError as error:
            return failure(_complaint(error))
        except ToolFailed as error:
            return failure(str(error))
        return answer if isinstance(answer, Result) else success(answer)


class Server:
    """Tools that run in this process."""

    def __init__(self, tools: Sequence[Tool[Any]]) -> None:  # Any: each tool has its own arguments
        """Serve `tools`."""
        self._tools = {tool.name: tool for tool in tools}

    def tools(self) -> Sequence[mcp_types.Tool]:
        """Describe the tools."""
        return [tool.described() for tool in self._tools.values()]

    async def call(self, invocation: Invocation, arguments: Mapping[str, JsonValue]) -> Result:
        """Call one tool."""
        tool = self._tools.get(invocation.tool)
        if tool is None:
            return failure(f"Unknown tool: {invocation.tool}; tools/list names the tools that exist")
        return await tool.call(arguments)


def success(answer: JsonValue) -> Result:
    """Return an answer as text: JSON, unless it is text already."""
    text = answer if isinstance(answer, str) else json.dumps(answer, separators=(",", ":"))
    return Result(content=[mcp_types.TextContent(type="text", text=text)])


def failure(message: str) -> Result:
    """Return an error that a model can act on."""
    return Result(content=[mcp_types.TextContent(type="text", text=message)], is_error=True)


def input_schema(arguments: type[Arguments]) -> JsonObject:
    """Return the JSON Schema of a tool's arguments, in the spelling of the official servers."""
    schema = arguments.model_json_schema(schema_generator=_InputSchema)
    definitions = schema.get("$defs", {})
    return {
        "type": "object",
        "properties": {
            name: _inlined(part, definitions) for name, part in schema.get("properties", {}).items()
        },
        "required": schema.get("required", []),
    }


def _inlined(part: JsonValue, definitions: Mapping[str, JsonValue]) -> JsonValue:
    """Return a part of a schema with its references written out: few clients follow them."""
    if isinstance(part, list):
        return [_inlined(item, definitions) for item in part]
    if not isinstance(part, dict):
        return part
    reference = part.get("$ref")
    if isinstance(reference, str):
        meant = _inlined(definitions[reference.rpartition("/")[2]], definitions)
        own = {name: value for name, value in part.items() if name != "$ref"}
        return {**meant, **own} if isinstance(meant, dict) else own
    return {name: _inlined(value, definitions) for name, value in part.items()}


class _InputSchema(GenerateJsonSchema):
    """Optional means absent, not null; numbers are `number`; nothing has a title."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        return {**super().int_schema(schema), "type": "number"}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        described = super().default_schema(schema)
        return {key: value for key, value in described.items() if key != "default" or value is not None}

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002
        return False


def _complaint(error: ValidationError) -> str:
    """Say which arguments are wrong, in the official servers' words where they have some."""
    return "; ".join(
        f"missing required parameter: {_path(item['loc'])}"
        if item["type"] == "missing"
        else f"parameter {_path(item['loc'])} is not valid: {item['msg']}"
        for item in error.errors()
    )


def _path(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)
