"""A Strands model without a language model: a player's generator decides every turn."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator
from typing import Any, TypeVar

from pydantic import BaseModel
from strands.models.model import Model
from strands.types.content import Messages, SystemContentBlock
from strands.types.streaming import StreamEvent
from strands.types.tools import ToolChoice, ToolResult, ToolSpec

from slipway.agentkit.models.turns import turn_events
from slipway.agentkit.play import Play, ToolCall, ToolOutcome
from slipway.domain.errors import InvalidInput, NeedsHuman
from slipway.domain.untrusted import unfenced

MODEL_ID = "deterministic"
T = TypeVar("T", bound=BaseModel)


class DeterministicModel(Model):
    """Keeps the live generator of one run: tool results go in, tool calls come out.

    The player's answer is given by the structured-output tool, as a language model would give it, and a
    NeedsHuman that it raises becomes a call of `ask_human`.
    """

    def __init__(self, play: Play[BaseModel]) -> None:
        self._play = play
        self._pending: list[str] = []
        self._turn = 0
        self._answered = False

    def update_config(self, **model_config: Any) -> None:
        """Nothing to set; the signature is Strands' own."""

    def get_config(self) -> dict[str, str]:
        """The id under which runs are recorded."""
        return {"model_id": MODEL_ID}

    async def count_tokens(self, *args: object, **kwargs: object) -> int:
        """No tokens: nothing is sent anywhere."""
        del args, kwargs
        return 0

    async def structured_output(
        self, output_model: type[T], prompt: Messages, system_prompt: str | None = None, **kwargs: Any
    ) -> AsyncGenerator[dict[str, T], None]:
        """Strands' deprecated way; players answer through the tool."""
        del output_model, prompt, system_prompt, kwargs
        raise InvalidInput(
            "the deterministic model answers through the structured-output tool of an invocation"
        )
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
        """Play one turn, on a thread: players analyse whole repositories and must not stop the heartbeat."""
        del (
            tool_specs,
            system_prompt,
            tool_choice,
            system_prompt_content,
            invocation_state,
            cancel_signal,
            kwargs,
        )
        for event in turn_events(await asyncio.to_thread(self._advance, messages)):
            yield event

    def _advance(self, messages: Messages) -> list[tuple[str, ToolCall]]:
        outcomes = self._outcomes(messages)
        if self._answered:
            raise InvalidInput(f"the player's answer was refused: {outcomes[0].text if outcomes else ''}")
        try:
            calls = self._play.send(outcomes) if self._turn else next(self._play)
        except StopIteration as stop:
            self._answered = True
            answer: BaseModel = stop.value
            calls = (ToolCall(type(answer).__name__, answer.model_dump(mode="json", by_alias=True)),)
        except NeedsHuman as error:
            self._answered = True
            calls = (ToolCall("ask_human", {"reason": str(error)}),)
        self._turn += 1
        numbered = [(f"turn-{self._turn}-{index}", call) for index, call in enumerate(calls)]
        self._pending = [use_id for use_id, _ in numbered]
        return numbered

    def _outcomes(self, messages: Messages) -> tuple[ToolOutcome, ...]:
        if not self._pending:
            return ()
        results = {
            block["toolResult"]["toolUseId"]: block["toolResult"]
            for block in messages[-1]["content"]
            if "toolResult" in block
        }
        return tuple(_outcome(results[use_id]) for use_id in self._pending)


def _outcome(result: ToolResult) -> ToolOutcome:
    text = "\n".join(block["text"] for block in result["content"] if "text" in block)
    return ToolOutcome(unfenced(text), failed=result["status"] == "error")
