"""What people want instead of a crash, in their own words."""

from __future__ import annotations

import pytest

from slipway.playbooks.crash.claim import ABSENT, INPUT, Expectation, Wish
from slipway.playbooks.crash.wording import expectations, wishes


def returns(value: str, *, loose: bool = False) -> Expectation:
    return Expectation(wish=Wish.RETURN, value=value, loose=loose)


def counts_as(value: str) -> Expectation:
    return Expectation(wish=Wish.TREAT_AS, value=value)


def refers_to(noun: str, wish: Wish = Wish.TREAT_AS) -> Expectation:
    return Expectation(wish=wish, refers=noun, loose=wish is Wish.RETURN)


def like(value: str) -> Expectation:
    return Expectation(wish=Wish.TREAT_AS, value=value, same=True)


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
    "Just leave those out of the list.": Expectation(wish=Wish.SKIP),
    "We don't need those, drop them and keep the rest.": Expectation(wish=Wish.SKIP),
    "Unknown events should be skipped with a warning.": Expectation(wish=Wish.SKIP, warns=True),
    "The label should fall back to the sku.": refers_to("sku"),
    "Use the login in that case.": refers_to("login"),
    "Please use our default currency for those.": refers_to("default currency"),
    "It should return the start value.": refers_to("start value", Wish.RETURN),
    "It should get the same colour as `unknown`.": refers_to("unknown"),
    "An empty value ought to be handled like an unset one.": like(ABSENT),
    "Treat it the same as an empty column.": like("<empty>"),
    "It should be treated like `0`.": like("0"),
    "A text without digits must be returned unchanged.": Expectation(wish=Wish.RETURN, value=INPUT),
    "Unknown toggles must be treated as off (`False`).": counts_as("False"),
    "The log should show a dash.": returns("'-'", loose=True),
    "`UnknownSeat` is raised, it should say `no seat Z1`": raises("UnknownSeat"),
    "Expected: `UnknownSeat` is raised with the message `no seat Z1`": raises("UnknownSeat", "no seat Z1"),
    'A `FileError` should be raised ("file has no name").': raises("FileError", "file has no name"),
    "Please raise SeatMissing (with the label in it).": raises("SeatMissing"),
    "The font has a default, the color should have its default as well.": refers_to("default"),
    "I'd say an empty cell adds nothing to the sum.": counts_as("0"),
    "Those are no headings, they don't belong in the table.": Expectation(wish=Wish.SKIP),
    "* rubbish lines -> ignore": Expectation(wish=Wish.SKIP),
    "An idle car has 0 km, I suggest to show `None`.": returns("None", loose=True),
    "Leave it off the board and write a warning to the log.": Expectation(wish=Wish.SKIP, warns=True),
    "Print `never` instead of the date in that column.": refers_to("never", Wish.RETURN),
    "Write `unknown` in that column, the page must be produced regardless.": refers_to(
        "unknown", Wish.RETURN
    ),
    "## Expected\nThe tool prints `no sales yet` and exits with code 0.": returns(
        "'no sales yet'", loose=True
    ),
    "Please import it without age as well (age is then None).": returns("None", loose=True),
    "Given an empty shop\nWhen I ask\nThen the count is 0": returns("0", loose=True),
    "# Acceptance criteria\n- `f()` returns `None`\n- others as before": returns("None"),
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
        "Carts with lines should behave as before.",
        "Please fix this soon.",
        "One bad line must not take the whole import down.",
        "The other lines should be imported.",
        "The mail for May did not go out.",
        "The sheet must come out regardless.",
        "## Expected\nThe screen works again",
        "## Expected\nhouses with machines unchanged",
        "Rest of the line stays.",
        "Things like `abc` must keep raising OverflowError.",
        "With `--best` the second line is right and should still come.",
        "Old formats don't occur, so no need to look at them.",
    ],
)
def test_what_is_no_wish_is_not_read_as_one(sentence: str) -> None:
    assert expectations(sentence, crash="KeyError") == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "On weekends the rate of the last business day before should be used.",
        "If a text is not translated it should be shown in English.",
        "It should wait and try again at most five times.",
        "The command should print `no version` to stderr and exit with code 2.",
        "Bad rows should be skipped and collected in a second file.",
        "Release candidates must sort before their release.",
        "It should ask the other server instead of crashing.",
        "It should not crash but show what was there before.",
        "It should work like the German page.",
        "The import should still know the old name.",
        "## Expected\nThe longest name wins.",
        "Colour the row as usual or grey, that is still to be decided.",
        "That doesn't fit together with the 0 above.",
        "Recipes without a price should sort before all, the sheet must come out regardless.",
    ],
)
def test_a_wish_that_is_not_understood_is_kept_as_such(sentence: str) -> None:
    (unread,) = wishes(sentence, crash="KeyError").unread
    assert unread.removeprefix("Expected: ") in sentence


def test_what_happens_today_is_never_wanted() -> None:
    prose = "Steps:\n1. leave it empty\n2. return 3\n\nActual: it gives 4.\n\nIt should give 5."
    assert expectations(prose, crash="KeyError") == (returns("5"),)
