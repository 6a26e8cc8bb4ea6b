"""An amount in one currency, always in whole cents."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

CENT = Decimal("0.01")


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies met."""


@dataclass(frozen=True, order=True)
class Money:
    """Rounded to cents when it is made, half to even."""

    amount: Decimal
    currency: str = "EUR"

    def __post_init__(self) -> None:
        rounded = Decimal(self.amount).quantize(CENT, rounding=ROUND_HALF_EVEN)
        object.__setattr__(self, "amount", rounded)

    @classmethod
    def of(cls, text: str, currency: str = "EUR") -> Money:
        """Read an amount such as "12.50"; a comma is accepted as decimal separator."""
        return cls(Decimal(text.strip().replace(",", ".")), currency)

    @classmethod
    def zero(cls, currency: str = "EUR") -> Money:
        return cls(Decimal(0), currency)

    def __add__(self, other: Money) -> Money:
        self._require_same_currency(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._require_same_currency(other)
        return Money(self.amount - other.amount, self.currency)

    def times(self, factor: int | Decimal) -> Money:
        return Money(self.amount * factor, self.currency)

    def percent(self, rate: Decimal) -> Money:
        """That many percent of this amount."""
        return Money(self.amount * rate / 100, self.currency)

    def split(self, parts: int) -> list[Money]:
        """Shares that differ by at most a cent and add up to the whole."""
        if parts < 1:
            raise ValueError(f"cannot split {self} into {parts} parts")
        cents = int(self.amount / CENT)
        share, rest = divmod(cents, parts)
        return [
            Money(CENT * (share + (1 if index < rest else 0)), self.currency)
            for index in range(parts)
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def _require_same_currency(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self} and {other} are not in the same currency")
