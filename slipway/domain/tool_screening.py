"""Which tool calls of a gateway request would carry a credential out, and the answer that refuses them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from slipway.domain.errors import InvalidInput
from slipway.domain.secret_scan import scan_values

_NAMED = 5
"""How many places a refusal names."""


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One call that may not go out."""

    tool: str
    places: tuple[str, ...]

    def __str__(self) -> str:
        more = f" and {len(self.places) - _NAMED} more" if len(self.places) > _NAMED else ""
        return (
            f"denied by policy: the arguments of {self.tool} hold a credential: "
            f"{'; '.join(self.places[:_NAMED])}{more}. Take it out; a secret belongs in a secret store, "
            "and code reads it from there."
        )


def screen(body: object) -> tuple[Refusal, ...]:
    """The refused calls of a JSON-RPC message or batch; empty when all of it may go on."""
    return tuple(refusal for message in _messages(body) if (refusal := _refusal(message)) is not None)


def denial(body: object, refusals: Sequence[Refusal]) -> object:
    """The JSON-RPC answer to a refused message or batch: nothing of a batch is carried out."""
    text = "\n".join(str(refusal) for refusal in refusals)
    answers = [
        {
            "jsonrpc": "2.0",
            "id": message["id"],
            # MCP's revisions from 2026 on ask for a result's type; earlier ones ignore it.
            "result": {
                "resultType": "complete",
                "isError": True,
                "content": [{"type": "text", "text": text}],
            },
        }
        for message in _messages(body)
        if message.get("id") is not None
    ]
    return answers if isinstance(body, list) else answers[0] if answers else None


def _refusal(message: Mapping[str, object]) -> Refusal | None:
    if message.get("method") != "tools/call":
        return None
    parameters = message.get("params")
    if not isinstance(parameters, Mapping):
        raise InvalidInput("a tools/call message has no params")
    places = tuple(f"{path}: {finding}" for path, finding in scan_values(parameters.get("arguments")))
    return Refusal(tool=str(parameters.get("name", "")), places=places) if places else None


def _messages(body: object) -> Iterator[Mapping[str, object]]:
    for message in body if isinstance(body, list) else (body,):
        if not isinstance(message, Mapping):
            raise InvalidInput("the gateway sent a message that is no JSON-RPC object")
        yield message
