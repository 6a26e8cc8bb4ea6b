"""The last tool calls, for status pages and tests; arguments and tokens never enter."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias

logger = logging.getLogger(__name__)

Outcome: TypeAlias = Literal["ok", "denied", "error"]
_KEPT: Final = 500


@dataclass(frozen=True)
class Call:
    """One finished call."""

    at: str
    gateway_id: str
    caller: str
    tool: str
    outcome: Outcome
    milliseconds: int


class CallLog:
    """Remembers the last calls."""

    def __init__(self) -> None:
        """Start empty."""
        self._calls: deque[Call] = deque(maxlen=_KEPT)

    def add(self, gateway_id: str, *, caller: str, tool: str, outcome: Outcome, milliseconds: int) -> None:
        """Remember one call."""
        moment = datetime.now(UTC).isoformat(timespec="milliseconds")
        self._calls.append(Call(moment, gateway_id, caller, tool, outcome, milliseconds))
        logger.info("tool=<%s>, caller=<%s>, outcome=<%s> | tool called", tool, caller, outcome)

    def as_documents(self) -> list[dict[str, object]]:
        """Return the calls, oldest first."""
        return [asdict(call) for call in self._calls]
