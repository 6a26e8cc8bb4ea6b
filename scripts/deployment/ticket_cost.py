"""What one ticket costs, low and high: services by the usage file, agents by their specs and tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from slipway.agentkit.models.prices import price
from slipway.agentkit.models.tiers import model_id
from slipway.domain.agent_spec import AgentSpec, Trigger
from slipway.domain.errors import NotFound
from slipway.domain.prices import AgentUse, Interval, Prices, TicketUse
from slipway.domain.run import RunUsage
from stacks.config import EnvironmentConfig

_NEEDED_BY = {
    "cloudfront.request": "AWS::CloudFront::Distribution",
    "dynamodb.pitr_gb_month": "AWS::DynamoDB::Table",
    "kms.request": "AWS::KMS::Key",
    "waf.request": "AWS::WAFv2::WebACL",
}
"""Rates that are used only where the templates hold such a resource."""


@dataclass(frozen=True, kw_only=True)
class TicketLine:
    """One cost of a ticket, at list price. `rate` is empty for tokens, whose price is the model's."""

    what: str
    rate: str
    quantity: Interval
    unit: str
    usd: Interval


def ticket_lines(
    *,
    use: TicketUse,
    prices: Prices,
    config: EnvironmentConfig,
    region: str,
    agents: Mapping[str, AgentSpec],
    kinds: frozenset[str],
) -> list[TicketLine]:
    """Every line, services first."""
    counted = dict(use.counts)
    for rate, kind in _NEEDED_BY.items():
        if kind not in kinds:
            counted.pop(rate, None)
    lines = [
        _line(rate.partition(".")[0], rate, quantity, prices, region) for rate, quantity in counted.items()
    ]
    lines += [
        _line("sandbox", "agentcore.vcpu_hour", use.sandbox_vcpu_hours, prices, region),
        _line("sandbox", "agentcore.gb_hour", use.sandbox_gb_hours, prices, region),
    ]
    for spec in agents.values():
        if Trigger.TICKET_WORKFLOW in spec.triggers:
            lines += _agent(spec, use.agent(spec.name), prices=prices, config=config, region=region)
    return lines


def _agent(
    spec: AgentSpec, use: AgentUse, *, prices: Prices, config: EnvironmentConfig, region: str
) -> Iterator[TicketLine]:
    what = f"agent {spec.name}"
    hours = _interval(lambda at: use.runs[at] * use.minutes[at] / 60)
    # Memory is charged until the session ends, which is the idle time after the run.
    alive = _interval(lambda at: use.runs[at] * (use.minutes[at] + spec.idle_timeout_minutes) / 60)
    cpu = _interval(lambda at: hours[at] * use.cpu_share[at] * 2)
    memory = _interval(lambda at: alive[at] * use.memory_gb[at])
    yield _line(what, "agentcore.vcpu_hour", cpu, prices, region)
    yield _line(what, "agentcore.gb_hour", memory, prices, region)
    if config.model_provider == "bedrock":
        yield _tokens(spec, use, config=config, region=region)


def _tokens(spec: AgentSpec, use: AgentUse, *, config: EnvironmentConfig, region: str) -> TicketLine:
    model = config.model_tiers.get(spec.model_tier) or model_id("bedrock", spec.model_tier, region=region)
    listed = price(model)
    if listed is None:
        raise NotFound(f"model {model} has no price in slipway/agentkit/models/prices.toml")
    cost = _interval(
        lambda at: (
            use.runs[at]
            * min(
                spec.budget.usd,
                listed.of(
                    RunUsage(
                        input_tokens=int(use.input_tokens[at] * (1 - use.cached)),
                        cache_read_tokens=int(use.input_tokens[at] * use.cached),
                        output_tokens=int(use.output_tokens[at]),
                    )
                ),
            )
        )
    )
    tokens = _interval(lambda at: use.runs[at] * (use.input_tokens[at] + use.output_tokens[at]))
    return TicketLine(
        what=f"model of {spec.name}", rate="", quantity=tokens, unit=f"token of {model}", usd=cost
    )


def _interval(value: Callable[[int], float]) -> Interval:
    return value(0), value(1)


def _line(what: str, rate: str, quantity: Interval, prices: Prices, region: str) -> TicketLine:
    unit_price = prices.rates[rate].in_region(region)
    return TicketLine(
        what=what,
        rate=rate,
        quantity=quantity,
        unit=prices.rates[rate].unit,
        usd=(quantity[0] * unit_price, quantity[1] * unit_price),
    )
