"""Tokens and money of one run, read from Strands' own counters."""

from __future__ import annotations

from strands.telemetry.metrics import EventLoopMetrics

from slipway.agentkit.models.prices import price
from slipway.domain.run import RunUsage


def usage_of(metrics: EventLoopMetrics, *, model_id: str) -> RunUsage:
    """What was used so far."""
    counted = metrics.accumulated_usage
    usage = RunUsage(
        model_id=model_id,
        input_tokens=counted["inputTokens"],
        output_tokens=counted["outputTokens"],
        cache_read_tokens=counted.get("cacheReadInputTokens", 0),
        turns=metrics.cycle_count,
    )
    if not counted["totalTokens"] or (listed := price(model_id)) is None:
        return usage
    cost = listed.of(usage, cache_write_tokens=counted.get("cacheWriteInputTokens", 0))
    return usage.model_copy(update={"cost_usd": round(cost, 6)})
