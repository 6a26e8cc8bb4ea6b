"""Turns a list of items and quantities into a priced offer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pricing.catalog import Catalog, Item
from pricing.discounts import Discount, best_discount, taken_off
from pricing.money import Money


@dataclass(frozen=True)
class Line:
    """One item of an offer; `discount` is in percent."""

    item: Item
    quantity: int
    discount: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise ValueError(f"item {self.item.sku}: quantity must be 1 or more")


@dataclass(frozen=True)
class Quote:
    """A priced offer."""

    lines: tuple[Line, ...]

    @property
    def net(self) -> Money:
        """Before tax."""
        return _sum(net_price(line) for line in self.lines)

    @property
    def tax(self) -> Money:
        """Rounded for each line, as the tax office wants it."""
        return _sum(net_price(line).percent(line.item.tax_rate) for line in self.lines)

    @property
    def gross(self) -> Money:
        """What the customer pays."""
        return self.net + self.tax


def net_price(line: Line) -> Money:
    """The price of all pieces of a line after its discount, before tax."""
    return taken_off(line.item.unit_price.times(line.quantity), line.discount)


def make_quote(
    wanted: Iterable[tuple[str, int]], *, catalog: Catalog, discounts: Sequence[Discount] = ()
) -> Quote:
    """Price pairs of stock number and quantity; several lines of one item become one."""
    quantities: dict[str, int] = {}
    for sku, quantity in wanted:
        key = sku.upper()
        quantities[key] = quantities.get(key, 0) + quantity
    return Quote(
        tuple(
            Line(
                catalog.find(sku),
                quantity,
                best_discount(discounts, sku=sku, quantity=quantity),
            )
            for sku, quantity in quantities.items()
        )
    )


def _sum(amounts: Iterable[Money]) -> Money:
    total = Money.zero()
    for amount in amounts:
        total += amount
    return total
