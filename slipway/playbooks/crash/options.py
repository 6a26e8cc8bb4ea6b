"""The guards that may give what a wish means, for every place that the exception came through."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from slipway.playbooks.crash import guards
from slipway.playbooks.crash.case import Case
from slipway.playbooks.crash.claim import ABSENT, INPUT, Expectation, Wish
from slipway.playbooks.crash.edits import Edit
from slipway.playbooks.crash.errors_wanted import catchable, clear_error, templated
from slipway.playbooks.crash.expected import fits, neutral_value
from slipway.playbooks.crash.fallbacks import falling_back, repeats_input
from slipway.playbooks.crash.guard_parts import Guard
from slipway.playbooks.crash.regression_text import Claimed
from slipway.playbooks.crash.trouble import Trouble
from slipway.playbooks.crash.values import is_literal
from slipway.playbooks.crash.warnings_wanted import warned

WARNS = Claimed(warns=True)
"""Whatever the guard gives, and a warning in the log."""

Option = tuple[Trouble, Guard, Claimed | None]
"""A guard at a place, and what the example must then do; None where the guard's own answer is compared."""


def options(case: Case, wish: Expectation, troubles: tuple[Trouble, ...]) -> Iterator[Option]:
    """Guards for one reading of a wish, the innermost place first."""
    for trouble in troubles:
        caught = catchable(case.reproduction.outcome, trouble.module).name
        match wish.wish:
            case Wish.RETURN | Wish.RESULT:
                yield from _giving(case, trouble, wish, caught)
            case Wish.TREAT_AS:
                yield from ((trouble, guard, None) for guard in _treating(case, trouble, wish, caught))
            case Wish.SKIP:
                found = guards.skipping_blank(trouble) if wish.value else iter(())
                if trouble is troubles[0] and not wish.warns:
                    found = chain(found, _nothing_to_take(case, troubles, caught))
                found = chain(found, guards.skipping(trouble, caught))
                found, claimed = (warned(trouble, found), WARNS) if wish.warns else (found, None)
                yield from ((trouble, guard, claimed) for guard in found)
            case Wish.RAISE:
                yield from _raising(case, trouble, wish, caught)


def _nothing_to_take(case: Case, troubles: tuple[Trouble, ...], caught: str) -> Iterator[Guard]:
    """Where the loop around already leaves out empty answers, the function that it asks gives one."""
    inner = troubles[0]
    if inner.loop is not None or inner.comprehension is not None or not any(map(_asks_back, troubles[1:])):
        return
    nothing = neutral_value(inner.function, inner.module, case.layout, ()) or "None"
    yield from guards.returning(inner, nothing, caught)


def _asks_back(trouble: Trouble) -> bool:
    """Whether a loop gives the answer of the failing call a name and then asks whether there is one."""
    match trouble.loop, trouble.statement:
        case ast.For() as loop, ast.Assign(targets=[ast.Name(id=name)]):
            conditions = [node.test for node in ast.walk(loop) if isinstance(node, ast.If)]
        case _:
            return False
    parts = [
        part for test in conditions for part in (test.values if isinstance(test, ast.BoolOp) else [test])
    ]
    return any(
        ast.unparse(part) in {name, f"not {name}", f"{name} is None", f"{name} is not None"} for part in parts
    )


def _giving(case: Case, trouble: Trouble, wish: Expectation, caught: str) -> Iterator[Option]:
    """Another result: the input, something that the function knows by name, or a value."""
    if wish.value == INPUT:
        yield from ((trouble, guard, None) for guard in _passing_through(trouble, caught))
        return
    if not is_literal(wish.value) and not _is_constant(wish.value):
        # A name inside the function means nothing to its test, which asserts what comes out.
        yield from ((trouble, guard, None) for guard in guards.returning(trouble, wish.value, caught))
        return
    # What is loosely said of a part is not what the whole gives.
    is_inside = case.entry is not None and trouble.function.node is not case.entry.node
    claimed = None if wish.loose and is_inside else Claimed(value=wish.value)
    found = _returning(case, trouble, wish.value, caught, loose=wish.loose)
    if isinstance(trouble.statement, ast.For) and trouble.whole is trouble.statement.iter:
        # Nothing to go through is a smaller change than giving up, when both give the same.
        found = chain(guards.treating(trouble, "[]", caught), found)
    yield from ((trouble, guard, claimed) for guard in found)


def _raising(case: Case, trouble: Trouble, wish: Expectation, caught: str) -> Iterator[Option]:
    raised = clear_error(wish, trouble, case.reproduction.outcome, case.layout)
    claimed = Claimed(
        exception=wish.exception,
        module=raised.module,
        message=raised.message,
        is_new=raised.definition is not None,
    )
    for guard in guards.raising(trouble, raised.statement, caught):
        if raised.definition:
            top = _top(trouble)
            definition = Edit(node=top, before=raised.definition)
            guard = replace(guard, edits=(*guard.edits, definition))
        yield trouble, guard, claimed


def _is_constant(value: str) -> bool:
    return re.fullmatch(r"(?:\w+\.)*[A-Z_][A-Z0-9_]*", value) is not None or "(" in value


def _passing_through(trouble: Trouble, caught: str) -> Iterator[Guard]:
    """The function gives back what it was given, where it is given one thing."""
    parameters = trouble.function.parameters
    required = parameters[: len(parameters) - len(trouble.function.node.args.defaults)] or parameters
    if len(required) == 1:
        yield from guards.returning(trouble, required[0].arg, caught)


def _treating(case: Case, trouble: Trouble, wish: Expectation, caught: str) -> Iterator[Guard]:
    """The part without a value gets one; where that is all that is returned it must be of the right type."""
    if wish.value == ABSENT or wish.same:
        yield from guards.like_absent(trouble)
    if wish.value == ABSENT:
        return
    yield from falling_back(trouble, wish.value)
    is_name = not is_literal(wish.value)
    if is_name:
        yield from guards.substituting(trouble, wish.value)
    function, module = trouble.function, trouble.module
    observed = case.observed if case.entry is not None and case.entry.node is function.node else ()
    if trouble.is_returned and not fits(wish.value, function, module, case.layout, observed):
        return
    yield from guards.treating(trouble, wish.value, caught)
    if not is_name:
        yield from guards.substituting(trouble, wish.value)


def _returning(case: Case, trouble: Trouble, value: str, caught: str, *, loose: bool) -> Iterator[Guard]:
    """In the entry its own result; in a function further in, a result that it may have."""
    text = ast.literal_eval(value) if is_literal(value) else None
    if isinstance(text, str):
        written = templated(text, trouble, case.reproduction.outcome)
        if written is None and repeats_input(value, case.attempt):
            return
        value = written or value
    is_entry = case.entry is not None and trouble.function.node is case.entry.node
    if is_entry and loose and not fits(value, trouble.function, trouble.module, case.layout, case.observed):
        return
    if is_entry or fits(value, trouble.function, trouble.module, case.layout, ()):
        yield from guards.returning(trouble, value, caught)
        return
    neutral = neutral_value(trouble.function, trouble.module, case.layout, ())
    if neutral is not None:
        yield from guards.returning(trouble, neutral, caught)


def _top(trouble: Trouble) -> ast.stmt:
    line = trouble.statement.lineno
    return next(
        node for node in trouble.module.tree.body if node.lineno <= line <= (node.end_lineno or node.lineno)
    )
