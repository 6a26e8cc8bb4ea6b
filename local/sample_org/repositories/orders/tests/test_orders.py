from datetime import date

import pytest

from orders import limits
from orders.checkout import BasketRefused, place_order
from orders.export import to_csv
from orders.models import Customer, Order, OrderState
from orders.receipts import render_receipt
from orders.shipping import shipping_cost
from pricing import Catalog, Item, Money

CATALOG = Catalog(
    [
        Item("BOLT-8", "Bolt M8", Money.of("0.35")),
        Item("BOOK-1", "Manual", Money.of("9.90"), "reduced"),
    ]
)
GUEST = Customer("Ada Guest", email="Ada@Example.com ")
REGULAR = Customer("Rolf Regular", number="C-7", email="rolf@example.com")


def an_order(basket: dict[str, int] | None = None, customer: Customer = GUEST) -> Order:
    return place_order(
        basket or {"BOLT-8": 100, "BOOK-1": 1},
        customer=customer,
        catalog=CATALOG,
        number="2024-17",
        today=date(2024, 3, 1),
    )


def test_a_basket_becomes_an_order() -> None:
    order = an_order()
    assert order.state is OrderState.PLACED
    assert order.quote.gross == Money.of("52.24")


def test_regular_customers_get_volume_discounts() -> None:
    assert an_order({"BOLT-8": 1000}, REGULAR).quote.net == Money.of("332.50")
    assert an_order({"BOLT-8": 1000}, GUEST).quote.net == Money.of("350.00")


def test_an_empty_basket_is_refused() -> None:
    with pytest.raises(BasketRefused, match="empty"):
        place_order({}, customer=GUEST, catalog=CATALOG, number="1", today=date(2024, 3, 1))


def test_the_limits_are_those_of_the_handbook() -> None:
    assert limits.MAX_LINES_PER_ORDER == 50
    assert limits.MAX_PIECES_PER_LINE == 10_000


def test_too_many_lines_are_refused() -> None:
    with pytest.raises(BasketRefused, match="lines"):
        an_order({f"SKU-{number}": 1 for number in range(limits.MAX_LINES_PER_ORDER + 1)})


@pytest.mark.parametrize("pieces", [0, 10_001])
def test_the_number_of_pieces_has_limits(pieces: int) -> None:
    with pytest.raises(BasketRefused, match="BOLT-8"):
        an_order({"BOLT-8": pieces})


def test_an_order_moves_on_but_not_back() -> None:
    order = an_order()
    order.move_to(OrderState.PAID)
    order.move_to(OrderState.SHIPPED)
    with pytest.raises(ValueError, match="shipped"):
        order.move_to(OrderState.CANCELLED)


@pytest.mark.parametrize(
    ("country", "basket", "cost"),
    [
        ("DE", {"BOLT-8": 1}, "4.90"),
        ("DE", {"BOLT-8": 1000}, "0.00"),
        ("AT", {"BOLT-8": 1000}, "9.90"),
        ("US", {"BOLT-8": 1}, "24.90"),
    ],
)
def test_shipping_depends_on_country_and_value(
    country: str, basket: dict[str, int], cost: str
) -> None:
    assert shipping_cost(an_order(basket, Customer("X", country))) == Money.of(cost)


def test_a_receipt_shows_lines_and_totals() -> None:
    lines = render_receipt(an_order()).splitlines()
    assert lines[0] == "Receipt 2024-17, 01.03.2024"
    assert lines[2] == "Sent to: ada@example.com"
    assert lines[4].split() == ["100", "x", "Bolt", "M8", "35.00", "EUR"]
    assert lines[-1].split() == ["Total", "57.14", "EUR"]


def test_bookkeepers_get_one_row_for_each_line() -> None:
    assert to_csv([an_order()]).splitlines() == [
        "order,date,sku,pieces,net",
        "2024-17,2024-03-01,BOLT-8,100,35.00",
        "2024-17,2024-03-01,BOOK-1,1,9.90",
    ]
