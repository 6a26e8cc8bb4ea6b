"""Turns a basket into an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from orders.limits import MAX_LINES_PER_ORDER, MAX_PIECES_PER_LINE
from orders.models import Customer, Order
from pricing import Catalog, Discount, VolumeDiscount, make_quote

LOYALTY = VolumeDiscount({100: 3, 1000: 5})


class BasketRefused(ValueError):
    """The basket breaks a rule; the message is for the customer."""


def place_order(
    basket: Mapping[str, int],
    *,
    customer: Customer,
    catalog: Catalog,
    number: str,
    today: date,
    campaigns: Sequence[Discount] = (),
) -> Order:
    """Check the basket and price it; customers with a number get volume discounts."""
    if not basket:
        raise BasketRefused("your basket is empty")
    if len(basket) > MAX_LINES_PER_ORDER:
        raise BasketRefused(f"an order has at most {MAX_LINES_PER_ORDER} lines")
    for sku, pieces in basket.items():
        if not 1 <= pieces <= MAX_PIECES_PER_LINE:
            raise BasketRefused(f"{sku}: order between 1 and {MAX_PIECES_PER_LINE} pieces")
    discounts = [*campaigns] if customer.is_guest else [*campaigns, LOYALTY]
    quote = make_quote(basket.items(), catalog=catalog, discounts=discounts)
    return Order(number=number, customer=customer, quote=quote, placed_on=today)
