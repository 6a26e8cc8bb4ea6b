"""Idle cost and cost of tickets put together, with what every account gets free each month taken off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scripts.deployment.idle_cost import IdleUse
from scripts.deployment.ticket_cost import TicketLine
from slipway.domain.prices import Interval, Prices


@dataclass(frozen=True, kw_only=True)
class IdleCost:
    """One line of a month without tickets. `free` is the part of `quantity` that costs nothing."""

    use: IdleUse
    unit: str
    free: float
    usd: float


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A month. `per_ticket_usd` is at list price; `tickets_usd` is what the free part leaves of it."""

    idle: tuple[IdleCost, ...]
    ticket: tuple[TicketLine, ...]
    tickets: int
    idle_usd: float
    per_ticket_usd: Interval
    tickets_usd: Interval

    @property
    def month_usd(self) -> Interval:
        """Everything."""
        return self.idle_usd + self.tickets_usd[0], self.idle_usd + self.tickets_usd[1]


def estimate(
    idle: Sequence[IdleUse], ticket: Sequence[TicketLine], *, tickets: int, prices: Prices, region: str
) -> Estimate:
    """What is free is given to idle use first, in the order of the lines, then to tickets."""
    left = dict(prices.allowances)
    costs = []
    for use in idle:
        free = min(use.quantity, left.get(use.rate, 0.0))
        left[use.rate] = left.get(use.rate, 0.0) - free
        rate = prices.rates[use.rate]
        usd = (use.quantity - free) * rate.in_region(region)
        costs.append(IdleCost(use=use, unit=rate.unit, free=free, usd=usd))
    return Estimate(
        idle=tuple(costs),
        ticket=tuple(ticket),
        tickets=tickets,
        idle_usd=sum(cost.usd for cost in costs),
        per_ticket_usd=(sum(line.usd[0] for line in ticket), sum(line.usd[1] for line in ticket)),
        tickets_usd=(
            _month(ticket, 0, left, tickets=tickets),
            _month(ticket, 1, left, tickets=tickets),
        ),
    )


def _month(lines: Sequence[TicketLine], end: int, allowances: dict[str, float], *, tickets: int) -> float:
    left = dict(allowances)
    total = 0.0
    for line in lines:
        quantity = line.quantity[end] * tickets
        free = min(quantity, left.get(line.rate, 0.0))
        left[line.rate] = left.get(line.rate, 0.0) - free
        if quantity:
            total += line.usd[end] * tickets * (quantity - free) / quantity
    return total
