"""One turn of a model without a network: tool calls or text as the events that Strands expects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from strands.types.streaming import StreamEvent

from slipway.agentkit.play import ToolCall


def turn_events(
    calls: Sequence[tuple[str, ToolCall]], *, text: str = "", input_tokens: int = 0, output_tokens: int = 0
) -> Iterator[StreamEvent]:
    """The events of one turn; `calls` are pairs of tool-use id and call."""
    yield {"messageStart": {"role": "assistant"}}
    if text or not calls:
        yield {"contentBlockStart": {"start": {}}}
        yield {"contentBlockDelta": {"delta": {"text": text or "Done."}}}
        yield {"contentBlockStop": {}}
    for use_id, call in calls:
        yield {"contentBlockStart": {"start": {"toolUse": {"name": call.name, "toolUseId": use_id}}}}
        yield {"contentBlockDelta": {"delta": {"toolUse": {"input": json.dumps(call.arguments)}}}}
        yield {"contentBlockStop": {}}
    yield {"messageStop": {"stopReason": "tool_use" if calls else "end_turn"}}
    yield {
        "metadata": {
            "usage": {
                "inputTokens": input_tokens,
                "outputTokens": output_tokens,
                "totalTokens": input_tokens + output_tokens,
            },
            "metrics": {"latencyMs": 0},
        }
    }
