"""What a wish may mean for one crash: the result itself, a part of it, or an example of a rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from slipway.playbooks.crash.attempt import Attempt
from slipway.playbooks.crash.case import Case
from slipway.playbooks.crash.claim import Expectation, Wish
from slipway.playbooks.crash.expected import fits, neutral_value, resolved
from slipway.playbooks.crash.fallbacks import entries_beside, repeats_input
from slipway.playbooks.crash.trouble import Trouble

# What missing values usually count as, for finding the rule behind an example.
_PLAIN = ("0", "{}", "[]", "''", "None", "1")


def readings(case: Case, wish: Expectation, trouble: Trouble) -> Iterator[Expectation]:
    """What a wish may mean: a value that cannot be the result, or may be a part of it, fills in a part."""
    if is_example(wish, case.attempt):
        fallbacks = (*entries_beside(trouble), *_PLAIN)
        yield from (Expectation(wish=Wish.TREAT_AS, value=value) for value in fallbacks)
        yield Expectation(wish=Wish.SKIP)
        if wish.value[:1] not in "[{(" or wish.value in _PLAIN:
            yield replace(wish, wish=Wish.RETURN)
        return
    entry, home = case.entry, case.layout.index.module(case.reproduction.outcome.places[0].path)
    if entry is None or home is None:
        yield wish
        return
    neutral = neutral_value(entry, home, case.layout, case.observed)
    if wish.value and wish.wish is not Wish.SKIP:
        wish = replace(wish, value=resolved(wish.value, neutral))
    if wish.wish is not Wish.RETURN:
        yield wish
        if wish.wish is Wish.TREAT_AS and fits(wish.value, entry, home, case.layout, case.observed):
            yield replace(wish, wish=Wish.RETURN)
        return
    is_text = wish.value[:1] in "'\"" and (len(wish.value) > 2 or trouble.is_inner)
    is_part = wish.loose and is_text and not trouble.is_returned
    # "a discount of 0" is about the discount that is missing, not about the total.
    missing = set(trouble.cause.removesuffix("_is_none").removesuffix("_is_missing").split("_"))
    is_part |= wish.loose and bool(missing & set(wish.about.split())) and not trouble.is_returned
    possible = fits(wish.value, entry, home, case.layout, case.observed)
    first, second = wish, replace(wish, wish=Wish.TREAT_AS)
    if is_part or not possible:
        first, second = second, first
    yield first
    if wish.loose or not possible:
        yield second


def is_example(wish: Expectation, attempt: Attempt) -> bool:
    """Whether the value is what one example gives; no rule returns a filled container or its own input."""
    is_filled = wish.value[:1] in "[{(" and wish.value not in {"[]", "{}", "()"}
    is_example = is_filled or repeats_input(wish.value, attempt)
    return wish.wish is Wish.RESULT or (wish.wish is Wish.RETURN and is_example)
