"""How a rule-driven player speaks: it yields tool calls, receives their outcomes and returns the answer."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

from pydantic import JsonValue

from slipway.agentkit.named_errors import named_error
from slipway.domain.errors import Permanent

AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True)
class ToolCall:
    """One call of a tool by its name."""

    name: str
    arguments: dict[str, JsonValue]


@dataclass(frozen=True)
class ToolOutcome:
    """What came back; the text of a failure starts with the name of its error."""

    text: str
    failed: bool = False

    def data(self) -> JsonValue:
        """The text read as JSON."""
        value: JsonValue = json.loads(self.text)
        return value


Play = Generator[tuple[ToolCall, ...], tuple[ToolOutcome, ...], AnswerT]


def call(name: str, **arguments: JsonValue) -> Play[ToolOutcome]:
    """Call one tool and wait; a failure is raised as the error it names."""
    outcome = yield from attempt(name, **arguments)
    if outcome.failed:
        raise named_error(outcome.text) or Permanent(outcome.text)
    return outcome


def attempt(name: str, **arguments: JsonValue) -> Play[ToolOutcome]:
    """Call one tool and wait; a failure is an outcome like any other."""
    (outcome,) = yield (ToolCall(name, arguments),)
    return outcome


def attempt_all(*calls: ToolCall) -> Play[tuple[ToolOutcome, ...]]:
    """Call several tools in one turn; failures are outcomes."""
    if not calls:
        return ()
    outcomes = yield calls
    return outcomes
