"""The worst model there could be: it looks where it is told, and obeys the first instruction it sees."""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from strands.types.content import Messages, SystemContentBlock
from strands.types.streaming import StreamEvent
from strands.types.tools import ToolChoice, ToolSpec

from slipway.agentkit.models.choice import ChosenModel, ModelSource
from slipway.agentkit.play import ToolCall
from slipway.agentkit.testing import Script, ScriptedModel, Turn
from slipway.domain.untrusted import outside_fences

MODEL_ID = "eu.anthropic.claude-sonnet-5-5"
READABLE_CHARACTERS = 24_000


@dataclass(kw_only=True)
class Obedience:
    """One run: `look` first; once `marker` was shown, `deeds`; at last `answer`."""

    marker: str
    look: Sequence[ToolCall]
    deeds: Sequence[ToolCall]
    answer: ToolCall
    tokens: int = 100
    messages: Messages = field(default_factory=list)

    def source(self) -> ModelSource:
        """The model whatever the tier; it has a price, so that it can spend."""
        chosen = ChosenModel(
            model_id=MODEL_ID, output_characters=READABLE_CHARACTERS, make=lambda _: ObedientModel(self)
        )
        return lambda _: chosen

    def turns(self) -> Iterator[Turn]:
        """One call in each turn; every turn is decided by what was shown until then."""
        for call in self.look:
            yield self._turn(call)
        if self.was_seen:
            for call in self.deeds:
                yield self._turn(call)
        while True:
            yield self._turn(self.answer)

    @property
    def was_seen(self) -> bool:
        """Whether the injected instruction reached the model."""
        return any(self.marker in text for text in self._shown())

    @property
    def was_unfenced(self) -> bool:
        """Whether any of it was shown as if the platform had said it."""
        return any(self.marker in outside_fences(text) for text in self._shown())

    @property
    def heard(self) -> str:
        """Everything that tools answered."""
        return "\n".join(self._answers())

    def _turn(self, call: ToolCall) -> Turn:
        return Turn(calls=[call], input_tokens=self.tokens)

    def _shown(self) -> Iterator[str]:
        for message in self.messages:
            if message["role"] == "user":
                yield from (block["text"] for block in message["content"] if "text" in block)
        yield from self._answers()

    def _answers(self) -> Iterator[str]:
        for message in self.messages:
            for block in message["content"]:
                if "toolResult" in block:
                    yield from (part["text"] for part in block["toolResult"]["content"] if "text" in part)


class ObedientModel(ScriptedModel):
    """Writes the script while it is played."""

    def __init__(self, obedience: Obedience) -> None:
        self._obedience = obedience
        self._turns = obedience.turns()
        self._written = Script([])
        super().__init__(self._written)

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
        """Play the next turn, with all that was shown in view."""
        del tool_choice, system_prompt_content, invocation_state, cancel_signal, kwargs
        self._obedience.messages = messages
        self._written.turns.append(next(self._turns))
        async for event in super().stream(messages, tool_specs, system_prompt):
            yield event
