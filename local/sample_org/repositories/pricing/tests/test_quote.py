from decimal import Decimal

import pytest

from pricing import (
    Catalog,
    Item,
    Line,
    Money,
    PercentOff,
    VolumeDiscount,
    best_discount,
    make_quote,
    net_price,
)

BOLT = Item("BOLT-8", "Bolt M8", Money.of("0.35"))
BOOK = Item("BOOK-1", "Manual", Money.of("9.90"), "reduced")
CATALOG = Catalog([BOLT, BOOK])


def test_the_net_price_counts_pieces_and_discount() -> None:
    assert net_price(Line(BOLT, 10)) == Money.of("3.50")
    assert net_price(Line(BOLT, 10, Decimal(20))) == Money.of("2.80")


def test_a_quote_adds_up() -> None:
    quote = make_quote([("BOLT-8", 100), ("BOOK-1", 1)], catalog=CATALOG)
    assert (quote.net, quote.tax, quote.gross) == (
        Money.of("44.90"),
        Money.of("7.34"),
        Money.of("52.24"),
    )


def test_lines_of_one_item_become_one() -> None:
    quote = make_quote([("BOLT-8", 2), ("bolt-8", 3)], catalog=CATALOG)
    assert [line.quantity for line in quote.lines] == [5]


def test_the_best_discount_counts() -> None:
    discounts = [PercentOff(Decimal(5)), VolumeDiscount({10: Decimal(8), 100: Decimal(15)})]
    percents = [best_discount(discounts, sku="BOLT-8", quantity=many) for many in (1, 10, 500)]
    assert percents == [5, 8, 15]


def test_a_discount_may_be_for_some_items_only() -> None:
    only_books = [PercentOff(Decimal(5), frozenset({"BOOK-1"}))]
    assert best_discount(only_books, sku="BOLT-8", quantity=1) == 0


def test_a_discount_has_a_limit() -> None:
    assert best_discount([PercentOff(Decimal(90))], sku="BOLT-8", quantity=1) == 40


def test_a_quantity_is_at_least_one() -> None:
    with pytest.raises(ValueError, match="BOLT-8"):
        Line(BOLT, 0)
