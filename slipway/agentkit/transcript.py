"""What an agent said and did, message by message, redacted, for people who ask why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from strands.hooks import HookProvider, HookRegistry, MessageAddedEvent

from slipway.agentkit.redaction import redact
from slipway.ports.clock import Clock

MAX_TEXT_CHARACTERS = 20_000


@dataclass
class Transcript(HookProvider):
    """Collects every message as it is added, so that a trimmed conversation is still whole here."""

    clock: Clock
    _lines: list[str] = field(default_factory=list)

    def register_hooks(self, registry: HookRegistry, **_: object) -> None:
        """Attach to the agent's loop."""
        registry.add_callback(MessageAddedEvent, self._add)

    def body(self) -> bytes:
        """JSON lines."""
        return "".join(f"{line}\n" for line in self._lines).encode()

    def _add(self, event: MessageAddedEvent) -> None:
        message = {
            "at": self.clock().isoformat(),
            "role": event.message["role"],
            "content": _clean(event.message["content"]),
        }
        self._lines.append(json.dumps(message, ensure_ascii=False, default=str))


def _clean(value: object) -> object:
    if isinstance(value, str):
        return redact(
            value if len(value) <= MAX_TEXT_CHARACTERS else f"{value[:MAX_TEXT_CHARACTERS]}[... cut]"
        )
    if isinstance(value, Mapping):
        return {str(key): _clean(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(each) for each in value]
    return value
