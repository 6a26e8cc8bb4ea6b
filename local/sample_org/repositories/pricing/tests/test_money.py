from decimal import Decimal

import pytest

from pricing import CurrencyMismatch, Money


def test_amounts_are_rounded_to_cents() -> None:
    assert Money(Decimal("1.005")) == Money.of("1.00")
    assert Money(Decimal("1.015")) == Money.of("1.02")


def test_a_comma_separates_decimals_too() -> None:
    assert Money.of(" 12,50 ") == Money(Decimal("12.5"))


def test_currencies_do_not_mix() -> None:
    with pytest.raises(CurrencyMismatch, match="USD"):
        Money.of("1") + Money.of("1", "USD")


def test_shares_add_up() -> None:
    shares = Money.of("10.00").split(3)
    assert [str(share) for share in shares] == ["3.34 EUR", "3.33 EUR", "3.33 EUR"]


def test_there_is_at_least_one_share() -> None:
    with pytest.raises(ValueError, match="0 parts"):
        Money.of("1").split(0)
