"""Turns plain functions and gateway tools into tools of an agent: what they say is fenced as data, and their
failures name their error.
"""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import ParamSpec

from pydantic import BaseModel, JsonValue
from strands import tool
from strands.types.tools import AgentTool, ToolResult

from slipway.agentkit.context import RequestT, RunContext
from slipway.agentkit.redaction import redact
from slipway.domain.agent_spec import Tool
from slipway.domain.errors import InvalidInput, NeedsHuman, SlipwayError
from slipway.domain.untrusted import fence

logger = logging.getLogger(__name__)
P = ParamSpec("P")


def as_tools(
    run: RunContext[RequestT], *functions: Callable[..., str | JsonValue | BaseModel]
) -> list[AgentTool]:
    """One tool for each function: its name, docstring and types are what the model sees."""
    return [tool(_answering(run, function)) for function in functions]


def gateway_tools(run: RunContext[RequestT], tools: Iterable[Tool]) -> list[AgentTool]:
    """The gateway's own tools, described as the gateway describes them."""
    from strands.tools.tools import PythonAgentTool

    wanted = [each.gateway_name for each in tools]
    if not wanted:
        return []
    described = run.gateway.described()
    if missing := [name for name in wanted if name not in described]:
        raise InvalidInput(
            f"run {run.run_id}: the gateway does not offer {', '.join(missing)}; deploy the gateway "
            f"target and the agent's policy again"
        )

    def calling(name: str) -> Callable[..., ToolResult]:
        def forward(tool_use: dict[str, object], **_: object) -> ToolResult:
            arguments = tool_use.get("input") or {}
            if not isinstance(arguments, dict):
                return _failure(InvalidInput(f"{name}: arguments must be an object"))
            try:
                text = fence(
                    name, redact(run.gateway.call(name, arguments).text), limit=run.output_characters
                )
            except SlipwayError as error:
                return {**_failure(error), "toolUseId": str(tool_use["toolUseId"])}
            return {"toolUseId": str(tool_use["toolUseId"]), "status": "success", "content": [{"text": text}]}

        return forward

    return [PythonAgentTool(name, described[name], calling(name)) for name in wanted]


def ask_human(run: RunContext[RequestT]) -> AgentTool:
    """The tool with which any agent hands the task to a person."""

    def ask_human(reason: str) -> str:
        """Stop and hand the task to a person.

        Use it when information is missing, a decision is not yours, or the work is outside what you can do.

        Args:
            reason: What you looked for, what is missing and what the person should do; whole sentences.
        """
        if not reason.strip():
            raise InvalidInput("say what is missing and what a person should do")
        run.escalation = redact(reason.strip())
        return "A person takes over."

    return as_tools(run, ask_human)[0]


def all_tools(
    run: RunContext[RequestT], own: Sequence[AgentTool], forwarded: Iterable[Tool]
) -> list[AgentTool]:
    """Everything a model may call in this run."""
    return [*own, *gateway_tools(run, forwarded), ask_human(run)]


def _answering(
    run: RunContext[RequestT], function: Callable[P, str | JsonValue | BaseModel]
) -> Callable[P, str | ToolResult]:
    @functools.wraps(function)
    def answer(*args: P.args, **kwargs: P.kwargs) -> str | ToolResult:
        try:
            said = redact(_text(function(*args, **kwargs)))
            return fence(function.__name__, said, limit=run.output_characters)
        except NeedsHuman as error:
            run.escalation = redact(str(error))
            return _failure(error)
        except SlipwayError as error:
            return _failure(error)
        except Exception as error:
            # A bug in a tool must not show its internals to a model or a stranger.
            logger.exception("run_id=<%s>, tool=<%s> | tool failed", run.run_id, function.__name__)
            return _failure(InvalidInput(f"{function.__name__} failed inside ({type(error).__name__})"))

    return answer


def _text(value: str | JsonValue | BaseModel) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, BaseModel):
        return value.model_dump_json(by_alias=True)
    return json.dumps(value)


def _failure(error: SlipwayError) -> ToolResult:
    """The error's name is ours; its words may quote files, logs and servers."""
    said = fence("failure", redact(str(error)))
    return {"toolUseId": "", "status": "error", "content": [{"text": f"{type(error).__name__}: {said}"}]}
