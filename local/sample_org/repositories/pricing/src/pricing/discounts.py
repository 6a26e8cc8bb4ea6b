"""Discounts: how much of a line's price is taken off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from pricing.money import Money

MAX_DISCOUNT_PERCENT = Decimal(40)


class Discount(Protocol):
    """Says how many percent come off when so many pieces of an item are bought."""

    def percent_for(self, sku: str, quantity: int) -> Decimal: ...


@dataclass(frozen=True)
class PercentOff:
    """The same share off every piece of some items, or of all when none are named."""

    percent: Decimal
    skus: frozenset[str] = frozenset()

    def percent_for(self, sku: str, quantity: int) -> Decimal:
        return self.percent if not self.skus or sku in self.skus else Decimal(0)


@dataclass(frozen=True)
class VolumeDiscount:
    """More off the more pieces are bought; `steps` maps a quantity to its percentage."""

    steps: dict[int, Decimal]

    def percent_for(self, sku: str, quantity: int) -> Decimal:
        reached = [percent for least, percent in self.steps.items() if quantity >= least]
        return max(reached, default=Decimal(0))


def best_discount(discounts: Iterable[Discount], *, sku: str, quantity: int) -> Decimal:
    """Discounts do not add up: the best one counts, up to the limit."""
    offered = [discount.percent_for(sku, quantity) for discount in discounts]
    return min(max(offered, default=Decimal(0)), MAX_DISCOUNT_PERCENT)


def taken_off(price: Money, percent: Decimal) -> Money:
    return price - price.percent(percent)
