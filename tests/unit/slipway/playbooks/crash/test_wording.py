"""What people want instead of a crash, in their own words."""

from __future__ import annotations

import pytest

from slipway.playbooks.crash.claim import Expectation, Wish
from slipway.playbooks.crash.wording import expectations


def returns(value: str, *, loose: bool = False) -> Expectation:
    return Expectation(wish=Wish.RETURN, value=value, loose=loose)


def counts_as(value: str) -> Expectation:
    return Expectation(wish=Wish.TREAT_AS, value=value)


def raises(exception: str, message: str = "") -> Expectation:
    return Expectation(wish=Wish.RAISE, exception=exception, message=message)


SENTENCES = {
    "`average([])` should return 0.": returns("0"),
    "It should return 0.0 for an empty list instead of crashing.": returns("0.0"),
    "Expected: `[]`": returns("[]", loose=True),
    "Expected behaviour: returns an empty list.": returns("[]"),
    "## Expected\nReturns `None`\n## Actual\nraises KeyError": returns("None"),
    "it raises KeyError instead of returning None": returns("None"),
    "A path that is not there should give `None`.": returns("None"),
    'The city should be shown as "unknown".': returns("'unknown'", loose=True),
    "We should get `None` back": returns("None"),
    "Return 0 when there are no items.": returns("0"),
    "No ratings means the average is 0.0.": returns("0.0", loose=True),
    'If there is no data, the report should show "n/a".': returns("'n/a'", loose=True),
    "A missing quantity should be treated as 0.": counts_as("0"),
    "Missing discount should default to `0.0`.": counts_as("0.0"),
    "fall back to 'unknown'": counts_as("'unknown'"),
    "Unparsable amounts should count as zero": counts_as("0"),
    "it should use `DEFAULT_RATE` as the default": counts_as("DEFAULT_RATE"),
    'It should raise ValueError with the message "port must be a number" instead.': raises(
        "ValueError", "port must be a number"
    ),
    "should raise a `ConfigError` instead of KeyError": raises("ConfigError"),
    'should raise `ValueError("no samples")`': raises("ValueError", "no samples"),
    "Expected: a `ValueError` that says `empty input`": raises("ValueError", "empty input"),
    'I\'d like a `ValueError` with the message "no unit".': raises("ValueError", "no unit"),
    "An entry that has not three parts should raise `ValueError`.": raises("ValueError"),
    "The command should exit with code 2 and a message": raises("SystemExit", "2"),
    "Rows without a price should be skipped.": Expectation(wish=Wish.SKIP),
    "Such lines ought to be ignored": Expectation(wish=Wish.SKIP),
    "Broken or blank lines should be skipped.": Expectation(wish=Wish.SKIP),
    "Please skip blank lines.": Expectation(wish=Wish.SKIP, value="<empty>"),
}


@pytest.mark.parametrize(("sentence", "wish"), SENTENCES.items(), ids=SENTENCES.keys())
def test_a_sentence_says_what_is_wanted(sentence: str, wish: Expectation) -> None:
    assert expectations(sentence, crash="KeyError")[:1] == (wish,)


@pytest.mark.parametrize(
    "sentence",
    [
        "It should not crash.",
        "It raises a KeyError.",
        "Actual: it returns 3.",
        "It should not raise a ValueError.",
        "It must never just return 0.",
        "The label should fall back to the sku.",
    ],
)
def test_what_is_no_wish_is_not_read_as_one(sentence: str) -> None:
    assert expectations(sentence, crash="KeyError") == ()
