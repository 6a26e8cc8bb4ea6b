"""What is read from tickets that say a value in their own words."""

from __future__ import annotations

import pytest

from slipway.playbooks.constant.claim import read
from slipway.playbooks.constant.quantities import in_digits
from slipway.playbooks.constant.roles import reading
from slipway.playbooks.constant.switches import switched
from slipway.playbooks.constant.templates import is_any, retold
from tests.unit.slipway.playbooks.workshop import ticket


@pytest.mark.parametrize(
    ("said", "new", "old"),
    [
        ("Visitors are let in for 45 minutes instead of 20 minutes.", "45", "20"),
        ("The screens should refresh every 15 seconds, not every minute.", "15", "1"),
        ("New prices: lions 12 EUR per day (was 9), bears remain at 30.", "12", "9"),
        ("Please allow up to **10 guests in one group** (it is 8 at the moment).", "10", "8"),
        ("It currently defaults to 100. I think 400 would be the better default.", "400", "100"),
        ("People see “No luck” there.\n\nMake it “Try again”.", "Try again", None),
        ("The page shows “No luck”. Please make it “Try again”.", "Try again", "No luck"),
    ],
)
def test_what_is_wanted_and_what_was_are_told_apart(said: str, new: str, old: str | None) -> None:
    found = reading(in_digits(said))
    assert found.new is not None
    assert found.new.text == new
    assert (found.old.text if found.old else None) == old


def test_two_wishes_are_none() -> None:
    assert reading("It should be 5. It should be 9.").new is None


def test_what_only_points_takes_what_comes_before_it() -> None:
    found = reading(
        "Doors should close after 9 instead of 5 seconds. The gate has a delay too, that one is fine."
    )
    assert "delay" in found.kept
    assert "door" not in found.kept


def test_a_text_that_stays_is_known() -> None:
    found = reading('Make it "Dear {name}". (The other one says "Hello {name}!" - leave that as it is.)')
    assert found.kept_texts == ("Hello {name}!",)


@pytest.mark.parametrize(
    ("said", "digits"),
    [
        ("for half an hour", "for 30 minutes"),
        ("every minute", "every 1 minute"),
        ("5 EUR per night", "5 per night"),
        ("**twelve** rows", "12 rows"),
        ("say “two left”, not three", "say “two left”, not 3"),
        ("`__init__` and a * b * c", "`__init__` and a * b * c"),
    ],
)
def test_numbers_in_words_become_digits_outside_of_quotations(said: str, digits: str) -> None:
    assert in_digits(said) == digits


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("`check()` should be strict by default.", True),
        ("Turn off colours by default.", False),
        ("It should no longer be verbose by default.", False),
        ("Turn it on, please.", None),
    ],
)
def test_switches_are_about_defaults(said: str, value: bool | None) -> None:
    found = switched(said)
    assert (found.value if found else None) is value


def test_an_argument_in_passing_is_not_the_wish() -> None:
    claim = read(
        ticket("Strict from now on", "`check()` should be strict by default. Others can pass strict=False.")
    )
    assert claim is not None
    assert claim.new.text == "True"


def test_a_filled_in_text_is_told_with_the_new_one() -> None:
    assert (
        retold("Bill 7 is late", "Bill {number} is late", "Please pay bill {number}") == "Please pay bill 7"
    )
    assert retold("Bill 7 is late - again", "Bill {number} is late", "Pay {number}") is None
    assert retold("Bill 7 is late", "Bill {number} is late", "Pay {sum}") is None


def test_a_text_with_more_behind_it_is_another_one() -> None:
    assert is_any("Hello Ann, welcome", ["Hello {name}, welcome"])
    assert not is_any("Hello Ann", ["Hello {name}, welcome"])
