"""What the unchanged code answers for harmless versions of a crashing example, and guards that answer so."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from slipway.playbooks.crash.case import Case
from slipway.playbooks.crash.claim import ABSENT, Expectation, Wish
from slipway.playbooks.crash.options import Option, options
from slipway.playbooks.crash.regression_text import Claimed
from slipway.playbooks.crash.sandbox_answers import Asking, Outcome, attempt_all
from slipway.playbooks.crash.trouble import Trouble
from slipway.playbooks.crash.twins import with_value, without_entries, without_value
from slipway.playbooks.crash.values import is_literal


def twin_answers(case: Case, wish: Expectation, trouble: Trouble) -> Asking[frozenset[str]]:
    """What the unchanged code answers for harmless versions of the example."""
    if wish.wish is Wish.SKIP:
        twins = without_entries(case.attempt)
    elif wish.wish is Wish.TREAT_AS:
        if wish.value == ABSENT:
            outcomes = yield from attempt_all(without_value(case.attempt), case.layout, case.repository)
            return frozenset(answer(outcome) for outcome in outcomes.values() if outcome.raised is None)
        if not is_literal(wish.value):
            return frozenset()
        key = repr(trouble.subject.value) if isinstance(trouble.subject, ast.Constant) else None
        if trouble.cause.endswith("_is_missing") and key is None:
            return frozenset()
        twins = with_value(case.attempt, wish.value, key)
    else:
        return frozenset()
    outcomes = yield from attempt_all(twins, case.layout, case.repository)
    return frozenset(answer(outcome) for outcome in outcomes.values() if outcome.raised is None)


def answer(outcome: Outcome) -> str:
    """A result and what was printed, to be compared."""
    return f"{outcome.source}|{outcome.printed}"


def answer_of(claimed: Claimed) -> str:
    """The same of what a test asserts."""
    return f"{'None' if claimed.value is None else claimed.value}|{claimed.printed or ''}"


def like_twins(
    case: Case, wish: Expectation, troubles: tuple[Trouble, ...], twins: frozenset[str]
) -> Iterator[Option]:
    """The answer that the other input gets, returned as it is."""
    for text in sorted(twins):
        value, _, printed = text.rpartition("|")
        if is_literal(value) and not printed:
            yield from options(case, replace(wish, wish=Wish.RETURN, value=value, same=False), troubles)
