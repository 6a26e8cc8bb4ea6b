"""Searches the guard that gives the wanted behaviour: writes each, runs the example, keeps what holds."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice

import libcst as cst
from libcst.codemod import CodemodContext
from libcst.codemod.visitors import AddImportsVisitor

from slipway.playbooks.crash import guards
from slipway.playbooks.crash.case import Case
from slipway.playbooks.crash.claim import Expectation, Wish
from slipway.playbooks.crash.edits import apply
from slipway.playbooks.crash.errors_wanted import catchable
from slipway.playbooks.crash.example_imports import imports_for
from slipway.playbooks.crash.expected import fits
from slipway.playbooks.crash.guard_parts import Guard
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.options import WARNS, options
from slipway.playbooks.crash.readings import is_example, readings
from slipway.playbooks.crash.regression_text import Claimed
from slipway.playbooks.crash.sandbox_answers import Asking, Outcome, attempt_all
from slipway.playbooks.crash.source_index import SourceIndex
from slipway.playbooks.crash.trouble import Trouble, understand
from slipway.playbooks.crash.twin_answers import answer, answer_of, like_twins, twin_answers
from slipway.playbooks.crash.values import is_literal

_MAX_GUARDS = 8


@dataclass(frozen=True, kw_only=True)
class Repair:
    """New texts of source files, what the example does with them, and why.

    `is_confirmed` says that the unchanged code gives the same answer for a harmless version of the example.
    """

    files: Mapping[str, str]
    claimed: Claimed
    phrase: str
    trouble: Trouble
    is_confirmed: bool = True


def repairs(case: Case, wish: Expectation) -> Asking[tuple[Repair, ...]]:
    """Every repair that makes the example do what is wished, the best first."""
    troubles = case.troubles()
    if not troubles:
        return ()
    found: list[Repair] = []
    for reading in readings(case, wish, troubles):
        required = wish.value if is_example(wish, case.attempt) else None
        twins = frozenset[str]()
        if required is None:
            twins = yield from twin_answers(case, reading, troubles[0])
        tried = options(case, reading, troubles)
        if reading.same:
            tried = chain(tried, like_twins(case, reading, troubles, twins))
        for trouble, guard, claimed in islice(tried, _MAX_GUARDS):
            claimed = Claimed(value=required) if required is not None else claimed
            repair = yield from _tried(case, trouble, guard, claimed, twins)
            if repair is None or not _proves(repair.claimed, reading, twins, is_claimed=claimed is not None):
                continue
            if all(repair.files != other.files for other in found):
                found.append(repair)
        if found:
            break
    # What the unchanged code answers for a harmless version of the example outweighs what a guard gives.
    return tuple(repair for repair in found if repair.is_confirmed)


def _proves(claimed: Claimed, reading: Expectation, twins: frozenset[str], *, is_claimed: bool) -> bool:
    """Whether a test of what the guard gave would prove the wish, and not only that nothing is raised."""
    if reading.same and answer_of(claimed) not in twins:
        return False
    if reading.wish is Wish.RETURN and not reading.is_part and _holds(claimed.value, reading.value):
        return False
    is_part = reading.is_part or (reading.wish is Wish.RETURN and reading.loose and not is_claimed)
    return not is_part or _shows(reading.value, claimed)


def _holds(result: str | None, value: str) -> bool:
    """Whether an empty container is only one entry of the result: `[[]]` is no empty list."""
    if result is None or value not in {"[]", "{}", "()"} or not is_literal(result):
        return False
    plain = ast.literal_eval(result)
    return isinstance(plain, list | tuple) and ast.literal_eval(value) in plain


def _shows(value: str, claimed: Claimed) -> bool:
    """Whether the result that a test asserts holds the value that the ticket wants to see."""
    if not is_literal(value):
        return True
    plain = ast.literal_eval(value)
    text = plain if isinstance(plain, str) else repr(plain)
    return text in f"{claimed.value or ''}{claimed.printed or ''}" or plain in (None, [], {}, ())


def _tried(
    case: Case, trouble: Trouble, guard: Guard, claimed: Claimed | None, twins: frozenset[str]
) -> Asking[Repair | None]:
    """The repair, when the example then does what it must; a second guard where one is not enough."""
    text = _written(trouble.module.text, guard)
    if text is None:
        return None
    warns = claimed is WARNS
    claimed = None if warns else claimed
    if claimed is not None and claimed.exception and claimed.module:
        text = _with_import(
            text, claimed.exception, claimed.module, case.layout.module_name(trouble.module.path)
        )
    caught = catchable(case.reproduction.outcome, trouble.module)
    if caught.imported_from and f"except {caught.name}" in text:
        text = _with_import(text, caught.name, caught.imported_from, "")
    files = {trouble.module.path: text}
    outcome = yield from _outcome(case, files)
    if outcome is None:
        return None
    if outcome.raised is not None and claimed is None:
        more = yield from _second_guard(case, outcome, files, guard, trouble)
        if more is None:
            return None
        files, outcome = more
    if claimed is not None and claimed.value is not None and not is_literal(claimed.value):
        claimed = yield from _named_value(case, claimed.value, files)
    settled = _settled(outcome, claimed)
    if settled is None or (claimed is None and not _is_of_type(settled, outcome, case)):
        return None
    confirmed = claimed is not None or not twins or answer(outcome) in twins
    settled = replace(settled, warns=warns)
    return Repair(files=files, claimed=settled, phrase=guard.phrase, trouble=trouble, is_confirmed=confirmed)


def _is_of_type(claimed: Claimed, outcome: Outcome, case: Case) -> bool:
    """Whether an answer that no word of the ticket names is at least one that the function may give."""
    entry = case.entry
    home = case.layout.index.module(entry.path) if entry else None
    if entry is None or home is None or claimed.value is None:
        return True
    plain = {"int", "float", "bool", "NoneType"}
    seen = set(case.observed) | (plain if plain & set(case.observed) else set()) | {"NoneType"}
    if len(seen) > 1 and not entry.is_generator and not entry.is_async and outcome.type_name not in seen:
        return False
    return fits(claimed.value, entry, home, case.layout, case.observed)


def _named_value(case: Case, value: str, files: Mapping[str, str]) -> Asking[Claimed | None]:
    """A constant by its name, when the result equals it; None for a name that means nothing outside."""
    entry = case.entry
    module = case.layout.index.module(entry.path) if entry else None
    if entry is None or module is None:
        return None
    imports = imports_for(value, (), layout=case.layout, module=module, function=entry)
    if imports is None:
        return None
    compared = replace(
        case.attempt,
        expression=f"({case.attempt.expression}) == ({value})",
        imports={**case.attempt.imports, **imports},
    )
    outcomes = yield from attempt_all((compared,), case.layout, case.repository, files=files)
    same = outcomes.get(0)
    return Claimed(value=value, imports=imports) if same is not None and same.source == "True" else None


def _second_guard(
    case: Case, outcome: Outcome, files: dict[str, str], guard: Guard, first: Trouble
) -> Asking[tuple[dict[str, str], Outcome] | None]:
    """The same default again, one step later: after d.get("a", {}) also for ["b"]."""
    if not outcome.places or not guard.phrase.startswith("defaults to "):
        return None
    value = guard.phrase.removeprefix("defaults to ")
    tree = {**case.layout.tree, **files}
    layout = Layout(SourceIndex(tree))
    place = outcome.places[-1]
    module = layout.index.module(place.path)
    function = module.enclosing(place.line) if module else None
    last = first.statement.end_lineno or first.statement.lineno
    if (
        module is None
        or function is None
        or not (place.path == first.module.path and first.statement.lineno <= place.line <= last)
    ):
        return None
    trouble = understand(module, function, place, outcome)
    if trouble is None or trouble.with_default is None:
        return None
    text = _written(module.text, guards.defaulting(trouble, value))
    if text is None:
        return None
    more = {**files, place.path: text}
    again = yield from _outcome(case, more)
    return (more, again) if again is not None and again.raised is None else None


def _outcome(case: Case, files: Mapping[str, str]) -> Asking[Outcome | None]:
    outcomes = yield from attempt_all((case.attempt,), case.layout, case.repository, files=files)
    return outcomes.get(0)


def _settled(outcome: Outcome, claimed: Claimed | None) -> Claimed | None:
    """The claim that the test makes, when the outcome bears it out."""
    if claimed is not None and claimed.exception is not None:
        wanted = claimed.message in outcome.message if claimed.message else True
        return claimed if outcome.raised == claimed.exception and wanted else None
    if outcome.raised is not None:
        return None
    if claimed is not None:
        is_named = claimed.value is not None and not is_literal(claimed.value)
        same = outcome.source is not None and _equal(outcome.source, claimed.value or "None")
        return claimed if same or is_named else None
    if outcome.type_name == "NoneType" and outcome.printed:
        return Claimed(printed=outcome.printed)
    if outcome.source is None:
        return None
    return Claimed(value=outcome.source, imports=outcome.imports or {})


def _equal(left: str, right: str) -> bool:
    try:
        return bool(ast.literal_eval(left) == ast.literal_eval(right))
    except (ValueError, SyntaxError):
        return left == right


def _written(text: str, guard: Guard) -> str | None:
    try:
        return apply(text, guard.edits)
    except (LookupError, SyntaxError, cst.ParserSyntaxError):
        return None  # This guard has no place in this code; the next one may.


def _with_import(text: str, name: str, module: str, own: str) -> str:
    """The text with an import of the exception, when that is neither its own nor a builtin."""
    if module in {own, "builtins", ""}:
        return text
    context = CodemodContext()
    AddImportsVisitor.add_needed_import(context, module, name)
    return AddImportsVisitor(context).transform_module(cst.parse_module(text)).code
