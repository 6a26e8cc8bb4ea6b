"""What a wish may mean for one crash: the result itself, a part of it, or an example of a rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from slipway.playbooks.crash.attempt import Attempt
from slipway.playbooks.crash.case import Case
from slipway.playbooks.crash.claim import ABSENT, INPUT, Expectation, Wish
from slipway.playbooks.crash.expected import fits, neutral_value, resolved
from slipway.playbooks.crash.fallbacks import entries_beside, repeats_input
from slipway.playbooks.crash.references import default_beside, referred
from slipway.playbooks.crash.trouble import Trouble
from slipway.playbooks.crash.values import EMPTY, is_literal

_PARTS = frozenset({"cell", "column", "field", "box", "slot", "attribute", "cells", "columns", "fields"})
# What missing values usually count as, for finding the rule behind an example.
_PLAIN = ("0", "{}", "[]", "''", "None", "1")


def readings(case: Case, wish: Expectation, troubles: tuple[Trouble, ...]) -> Iterator[Expectation]:
    """What a wish may mean: a value that cannot be the result, or may be a part of it, fills in a part."""
    trouble = troubles[0]
    if wish.refers:
        yield from _referred(case, wish, troubles)
        return
    if wish.same:
        # "drawn like '.'": another key of the table that lacks this one.
        entries = [entry for entry in entries_beside(trouble) if entry.endswith(f"[{wish.value}]")]
        yield from (replace(wish, value=entry, same=False) for entry in entries)
    if is_example(wish, case.attempt):
        yield from _rules_behind(case, wish, trouble)
        return
    entry, home = case.entry, case.layout.index.module(case.reproduction.outcome.places[0].path)
    if entry is None or home is None or wish.value in {INPUT, ABSENT}:
        yield wish
        return
    neutral = neutral_value(entry, home, case.layout, case.observed)
    if wish.value and wish.wish is not Wish.SKIP:
        is_text = wish.same and wish.value == EMPTY
        wish = replace(wish, value="''" if is_text else resolved(wish.value, neutral))
    if wish.wish is not Wish.RETURN:
        yield wish
        is_whole = fits(wish.value, entry, home, case.layout, case.observed)
        if wish.wish is Wish.TREAT_AS and is_whole and not wish.same:
            yield replace(wish, wish=Wish.RETURN)
        return
    possible = fits(wish.value, entry, home, case.layout, case.observed)
    first, second = wish, replace(wish, wish=Wish.TREAT_AS, is_part=True)
    if _is_part(wish, trouble, entry.name) or not possible:
        first, second = second, first
    yield first
    if wish.loose or not possible:
        yield second


def _rules_behind(case: Case, wish: Expectation, trouble: Trouble) -> Iterator[Expectation]:
    """Rules that may give what one example shows."""
    fallbacks = (*entries_beside(trouble), *_PLAIN)
    yield from (Expectation(wish=Wish.TREAT_AS, value=value) for value in fallbacks)
    yield Expectation(wish=Wish.SKIP)
    is_text = wish.value[:1] in "'\""
    if wish.value in _PLAIN or is_text or (wish.value[:1] not in "[{(" and not _repeats(wish, case)):
        # Text that repeats the input is written with it; a number made from the input is no constant.
        yield replace(wish, wish=Wish.RETURN)
    else:
        # The rule may be an empty result further in.
        yield from (Expectation(wish=Wish.RETURN, value=value, loose=True) for value in _PLAIN)


def _repeats(wish: Expectation, case: Case) -> bool:
    return is_literal(wish.value) and repeats_input(wish.value, case.attempt)


def _is_part(wish: Expectation, trouble: Trouble, function: str) -> bool:
    """Whether a value is said of what is missing, not of the whole: "a discount of 0", "an empty phone"."""
    if not wish.loose or trouble.is_returned:
        return False
    if wish.value[:1] in "'\"" and (len(wish.value) > 2 or trouble.is_inner):
        return True
    spoken = set(re.findall(r"[a-z]+", f"{wish.about} {wish.subject}".lower()))
    in_entry = trouble.loop is not None or trouble.comprehension is not None
    if spoken & _PARTS or (in_entry and wish.value == "''"):
        return True
    return bool(_missing(trouble) & spoken - set(function.lower().split("_")))


def _referred(case: Case, wish: Expectation, troubles: tuple[Trouble, ...]) -> Iterator[Expectation]:
    """The one thing that the words can mean; nothing when they may mean several or none."""
    for trouble in troubles:
        found = default_beside(trouble) if "default" in wish.refers.lower() else ()
        found = found or referred(wish.refers, trouble, case)
        if len(found) > 1:
            # Of several defaults the one that bears the name of what is missing is meant.
            missing = _missing(trouble)
            found = tuple(source for source in found if missing & set(source.lower().split("_")))
        if len(found) == 1:
            meant = replace(wish, value=found[0], refers="", loose=False)
            yield meant
            if wish.wish is Wish.RETURN:
                yield replace(meant, wish=Wish.TREAT_AS)
            elif trouble.is_returned:
                yield replace(meant, wish=Wish.RETURN)
        if found:
            return
    if _is_shown(wish):
        # "print `never`": what the code does not know by that name is the text itself.
        text = replace(wish, value=repr(wish.refers), refers="", loose=True)
        yield replace(text, wish=Wish.TREAT_AS, is_part=True)
        yield replace(text, wish=Wish.RETURN, is_part=True)


def _is_shown(wish: Expectation) -> bool:
    """Whether words say that this very word, in code font, is to be seen."""
    verb = r"\b(?:print|show|display|write|say|render|put)\w*\s+(?:(?:just|simply|only|as|the text)\s+)*"
    shown = f"{verb}`{re.escape(wish.refers)}`"
    return re.search(shown, wish.sentence, re.IGNORECASE) is not None


def _missing(trouble: Trouble) -> set[str]:
    return set(trouble.cause.removesuffix("_is_none").removesuffix("_is_missing").split("_"))


def is_example(wish: Expectation, attempt: Attempt) -> bool:
    """Whether the value is what one example gives; no rule returns a filled container or its own input."""
    is_filled = wish.value[:1] in "[{(" and wish.value not in {"[]", "{}", "()"}
    is_example = is_filled or (is_literal(wish.value) and repeats_input(wish.value, attempt))
    return wish.wish is Wish.RESULT or (wish.wish is Wish.RETURN and is_example)
