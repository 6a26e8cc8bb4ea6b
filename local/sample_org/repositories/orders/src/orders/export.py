"""Orders as rows for the bookkeepers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from orders.models import Order
from pricing import net_price

COLUMNS = ("order", "date", "sku", "pieces", "net")


def to_csv(orders: Iterable[Order]) -> str:
    """One row for each line of each order."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    for order in orders:
        for line in order.quote.lines:
            writer.writerow(
                (
                    order.number,
                    order.placed_on.isoformat(),
                    line.item.sku,
                    line.quantity,
                    net_price(line).amount,
                )
            )
    return target.getvalue()
