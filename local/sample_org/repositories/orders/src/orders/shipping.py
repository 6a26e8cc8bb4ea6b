"""What it costs to send an order."""

from __future__ import annotations

from orders.models import Order
from pricing import Money

FREE_FROM = Money.of("75.00")
HOME = "DE"
RATES = {"DE": Money.of("4.90"), "AT": Money.of("9.90"), "FR": Money.of("12.90")}
ELSEWHERE = Money.of("24.90")


def shipping_cost(order: Order) -> Money:
    """Free at home from a value on; by country otherwise."""
    country = order.customer.country
    if country == HOME and order.quote.gross >= FREE_FROM:
        return Money.zero()
    return RATES.get(country, ELSEWHERE)
