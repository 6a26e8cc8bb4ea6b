"""What can be bought, and for how much."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from pricing.money import Money

TAX_RATES = {"standard": Decimal(19), "reduced": Decimal(7), "exempt": Decimal(0)}


class UnknownItem(LookupError):
    """A stock number that the catalog does not have."""


@dataclass(frozen=True)
class Item:
    sku: str
    name: str
    unit_price: Money
    tax_class: str = "standard"

    def __post_init__(self) -> None:
        if self.tax_class not in TAX_RATES:
            raise ValueError(f"item {self.sku}: unknown tax class {self.tax_class!r}")

    @property
    def tax_rate(self) -> Decimal:
        """In percent."""
        return TAX_RATES[self.tax_class]


class Catalog:
    """Items by stock number; stock numbers ignore case."""

    def __init__(self, items: Iterable[Item] = ()) -> None:
        self._items: dict[str, Item] = {}
        for item in items:
            self.add(item)

    @classmethod
    def from_csv(cls, lines: Iterable[str]) -> Catalog:
        """Columns: sku, name, price, tax_class."""
        return cls(
            Item(row["sku"], row["name"], Money.of(row["price"]), row["tax_class"] or "standard")
            for row in csv.DictReader(lines)
        )

    def add(self, item: Item) -> None:
        key = item.sku.upper()
        if key in self._items:
            raise ValueError(f"item {item.sku} is in the catalog already")
        self._items[key] = item

    def find(self, sku: str) -> Item:
        try:
            return self._items[sku.upper()]
        except KeyError:
            raise UnknownItem(f"there is no item {sku!r} in the catalog") from None

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items.values())
