"""A model for tests of what surrounds a language model: it plays a script and keeps what it was shown."""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel
from strands.models.model import Model
from strands.types.content import Messages, SystemContentBlock
from strands.types.streaming import StreamEvent
from strands.types.tools import ToolChoice, ToolSpec

from slipway.agentkit.models.choice import ChosenModel, ModelSource
from slipway.agentkit.models.turns import turn_events
from slipway.agentkit.play import ToolCall

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What the model says in one turn, or the error of its service."""

    calls: Sequence[ToolCall] = ()
    text: str = ""
    input_tokens: int = 100
    output_tokens: int = 10
    error: Exception | None = None


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the model was given in one turn."""

    messages: Messages
    tools: tuple[str, ...]
    system_prompt: str


@dataclass
class Script:
    """The turns still to come and what was shown so far."""

    turns: list[Turn]
    shown: list[Shown] = field(default_factory=list)

    def source(self, model_id: str = "eu.anthropic.claude-sonnet-5-5") -> ModelSource:
        """A model source that plays this script whatever the tier."""
        chosen = ChosenModel(model_id=model_id, output_characters=24_000, make=lambda _: ScriptedModel(self))
        return lambda _: chosen


class ScriptedModel(Model):
    """Plays a script; a turn too many is a failure of the test."""

    def __init__(self, script: Script) -> None:
        self._script = script

    def update_config(self, **model_config: Any) -> None:
        """Nothing to set; the signature is Strands' own."""

    def get_config(self) -> dict[str, str]:
        """What Strands asks for."""
        return {"model_id": "scripted"}

    async def structured_output(
        self, output_model: type[T], prompt: Messages, system_prompt: str | None = None, **kwargs: Any
    ) -> AsyncGenerator[dict[str, T], None]:
        """Strands' deprecated way; scripts answer through the tool."""
        del output_model, prompt, system_prompt, kwargs
        raise AssertionError("the script answers by calling the answer's tool")
        yield {}

    async def stream(
        self,
        messages: Messages,
        tool_specs: list[ToolSpec] | None = None,
        system_prompt: str | None = None,
        *,
        tool_choice: ToolChoice | None = None,
        system_prompt_content: list[SystemContentBlock] | None = None,
        invocation_state: dict[str, Any] | None = None,
        cancel_signal: threading.Event | None = None,
        **kwargs: Any,
    ) -> AsyncGenerator[StreamEvent, None]:
        """Play the next turn."""
        del tool_choice, system_prompt_content, invocation_state, cancel_signal, kwargs
        self._script.shown.append(
            Shown(
                messages=list(messages),
                tools=tuple(spec["name"] for spec in tool_specs or []),
                system_prompt=system_prompt or "",
            )
        )
        if not self._script.turns:
            raise AssertionError("the script has no further turn")
        turn = self._script.turns.pop(0)
        if turn.error is not None:
            raise turn.error
        number = len(self._script.shown)
        calls = [(f"call-{number}-{index}", call) for index, call in enumerate(turn.calls)]
        for event in turn_events(
            calls, text=turn.text, input_tokens=turn.input_tokens, output_tokens=turn.output_tokens
        ):
            yield event
