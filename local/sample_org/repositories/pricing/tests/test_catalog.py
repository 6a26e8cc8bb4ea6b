import pytest

from pricing import Catalog, Item, Money, UnknownItem

PRICES = ["sku,name,price,tax_class", "BOLT-8,Bolt M8,0.35,", "BOOK-1,Manual,9.90,reduced"]


def test_a_price_list_is_read() -> None:
    catalog = Catalog.from_csv(PRICES)
    assert [(item.sku, item.tax_rate) for item in catalog] == [("BOLT-8", 19), ("BOOK-1", 7)]
    assert len(catalog) == 2


def test_stock_numbers_ignore_case() -> None:
    assert Catalog.from_csv(PRICES).find("bolt-8").name == "Bolt M8"


def test_an_unknown_item_is_named() -> None:
    with pytest.raises(UnknownItem, match="NUT-8"):
        Catalog.from_csv(PRICES).find("NUT-8")


def test_an_item_is_listed_once() -> None:
    with pytest.raises(ValueError, match="already"):
        Catalog.from_csv([*PRICES, "bolt-8,Bolt,1.00,"])


def test_tax_classes_are_checked() -> None:
    with pytest.raises(ValueError, match="luxury"):
        Item("X", "X", Money.of("1"), "luxury")
