"""What an agent's folder hands to the harness: spec, prompt, tools, player, and how it responds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel
from strands.types.tools import AgentTool

from slipway.agentkit.context import RequestT, RunContext
from slipway.agentkit.play import Play
from slipway.domain.agent_spec import AgentSpec, Tool
from slipway.domain.untrusted import RULE


class Toolbox(Protocol):
    """The in-process tools of one run and what they keep."""

    def tools(self) -> Sequence[AgentTool]:
        """What the model may call."""
        ...

    def close(self) -> None:
        """Let go of what the run holds, such as sandboxes."""
        ...


ToolboxT = TypeVar("ToolboxT", bound=Toolbox)
AnswerT = TypeVar("AnswerT", bound=BaseModel)
ResponseT = TypeVar("ResponseT", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class AgentDefinition(Generic[RequestT, ToolboxT, AnswerT, ResponseT]):
    """One agent in code.

    `answer` is what the model fills in last; `respond` turns it into the response contract, taking facts
    (commits, evidence, pull requests) from the toolbox and only words from the model.
    """

    spec: AgentSpec
    request: type[RequestT]
    answer: type[AnswerT]
    prompt: Path
    opening: Callable[[RequestT], str]
    toolbox: Callable[[RunContext[RequestT]], ToolboxT]
    play: Callable[[ToolboxT], Play[AnswerT]]
    respond: Callable[[ToolboxT, AnswerT], ResponseT]
    gateway_tools: tuple[Tool, ...] = ()
    """Gateway tools the model calls itself; the toolbox may use all that the spec grants."""

    def system_prompt(self) -> str:
        """The agent's prompt and the rule about untrusted text."""
        return f"{self.prompt.read_text(encoding='utf-8').strip()}\n\n{RULE}\n"
