"""Receipts as plain text, for the parcel and for e-mail."""

from __future__ import annotations

from orders.models import Customer, Order
from orders.shipping import shipping_cost
from pricing import Line, net_price

WIDTH = 48


def render_receipt(order: Order) -> str:
    """The whole receipt."""
    shipping = shipping_cost(order)
    parts = [
        f"Receipt {order.number}, {order.placed_on:%d.%m.%Y}",
        f"Customer: {order.customer.name}",
        contact_line(order.customer),
        "-" * WIDTH,
        *(_item_line(line) for line in order.quote.lines),
        "-" * WIDTH,
        _amount_line("Net", str(order.quote.net)),
        _amount_line("Tax", str(order.quote.tax)),
        _amount_line("Shipping", str(shipping)),
        _amount_line("Total", str(order.quote.gross + shipping)),
    ]
    return "\n".join(part for part in parts if part)


def contact_line(customer: Customer) -> str:
    """Where the receipt goes, so that a wrong address is noticed."""
    return f"Sent to: {customer.email.strip().lower()}"


def _item_line(line: Line) -> str:
    text = f"{line.quantity} x {line.item.name}"
    if line.discount:
        text += f" (-{line.discount}%)"
    return _amount_line(text, str(net_price(line)))


def _amount_line(text: str, amount: str) -> str:
    return f"{text[: WIDTH - len(amount) - 1]:<{WIDTH - len(amount)}}{amount}"
