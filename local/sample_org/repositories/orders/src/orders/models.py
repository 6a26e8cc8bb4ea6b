"""Customers and their orders."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from pricing import Quote


class OrderState(StrEnum):
    PLACED = "placed"
    PAID = "paid"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"


FOLLOWS = {
    OrderState.PLACED: {OrderState.PAID, OrderState.CANCELLED},
    OrderState.PAID: {OrderState.SHIPPED, OrderState.CANCELLED},
    OrderState.SHIPPED: set(),
    OrderState.CANCELLED: set(),
}


@dataclass(frozen=True)
class Customer:
    """A guest has no number and need not give an e-mail address."""

    name: str
    country: str = "DE"
    number: str | None = None
    email: str | None = None

    @property
    def is_guest(self) -> bool:
        return self.number is None


@dataclass
class Order:
    number: str
    customer: Customer
    quote: Quote
    placed_on: date
    state: OrderState = OrderState.PLACED
    notes: list[str] = field(default_factory=list)

    def move_to(self, state: OrderState) -> None:
        """Go to the next state; a shipped or cancelled order stays as it is."""
        if state not in FOLLOWS[self.state]:
            raise ValueError(f"order {self.number} is {self.state} and cannot become {state}")
        self.state = state
