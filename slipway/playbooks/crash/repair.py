"""Searches the guard that gives the wanted behaviour: writes each, runs the example, keeps what holds."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

import libcst as cst
from libcst.codemod import CodemodContext
from libcst.codemod.visitors import AddImportsVisitor

from slipway.playbooks.crash import guards
from slipway.playbooks.crash.case import Case
from slipway.playbooks.crash.claim import Expectation, Wish
from slipway.playbooks.crash.edits import Edit, apply
from slipway.playbooks.crash.errors_wanted import catchable, clear_error, templated
from slipway.playbooks.crash.example_imports import imports_for
from slipway.playbooks.crash.expected import fits, neutral_value
from slipway.playbooks.crash.fallbacks import falling_back, repeats_input
from slipway.playbooks.crash.guard_parts import Guard
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.readings import is_example, readings
from slipway.playbooks.crash.regression_text import Claimed
from slipway.playbooks.crash.sandbox_answers import Asking, Outcome, attempt_all
from slipway.playbooks.crash.source_index import SourceIndex
from slipway.playbooks.crash.trouble import Trouble, understand
from slipway.playbooks.crash.twins import with_value, without_entries
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
    for reading in readings(case, wish, troubles[0]):
        required = wish.value if is_example(wish, case.attempt) else None
        twins = frozenset[str]()
        if required is None:
            twins = yield from _twin_answers(case, reading, troubles[0])
        for number, (trouble, guard, claimed) in enumerate(_options(case, reading, troubles)):
            if number >= _MAX_GUARDS:
                break
            claimed = Claimed(value=required) if required is not None else claimed
            repair = yield from _tried(case, trouble, guard, claimed, twins)
            if repair is not None and all(repair.files != other.files for other in found):
                found.append(repair)
        if found:
            break
    return tuple(sorted(found, key=lambda repair: not repair.is_confirmed))


def _options(
    case: Case, wish: Expectation, troubles: tuple[Trouble, ...]
) -> Iterator[tuple[Trouble, Guard, Claimed | None]]:
    """Guards with what the example must then do; None where the guard's own answer is compared with twins."""
    outcome = case.reproduction.outcome
    for trouble in troubles:
        caught = catchable(outcome, trouble.module).name
        match wish.wish:
            case Wish.RETURN | Wish.RESULT:
                # What is loosely said of a part is not what the whole gives.
                is_part = (
                    wish.loose and case.entry is not None and trouble.function.node is not case.entry.node
                )
                claimed_value = None if is_part else Claimed(value=wish.value)
                found = _returning(case, trouble, wish.value, caught)
                if isinstance(trouble.statement, ast.For) and trouble.whole is trouble.statement.iter:
                    # Nothing to go through is a smaller change than giving up, when both give the same.
                    found = chain(guards.treating(trouble, "[]", caught), found)
                yield from ((trouble, g, claimed_value) for g in found)
            case Wish.TREAT_AS:
                yield from ((trouble, g, None) for g in falling_back(trouble, wish.value))
                yield from ((trouble, g, None) for g in guards.treating(trouble, wish.value, caught))
            case Wish.SKIP:
                if wish.value:
                    yield from ((trouble, g, None) for g in guards.skipping_blank(trouble))
                yield from ((trouble, g, None) for g in guards.skipping(trouble, caught))
            case Wish.RAISE:
                raised = clear_error(wish, trouble, outcome, case.layout)
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


def _returning(case: Case, trouble: Trouble, value: str, caught: str) -> Iterator[Guard]:
    """In the entry its own result; in a function further in, a result that it may have."""
    text = ast.literal_eval(value) if is_literal(value) else None
    if isinstance(text, str):
        written = templated(text, trouble, case.reproduction.outcome)
        if written is None and repeats_input(value, case.attempt):
            return
        value = written or value
    is_entry = case.entry is not None and trouble.function.node is case.entry.node
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


def _twin_answers(case: Case, wish: Expectation, trouble: Trouble) -> Asking[frozenset[str]]:
    """What the unchanged code answers for harmless versions of the example."""
    if wish.wish is Wish.SKIP:
        twins = without_entries(case.attempt)
    elif wish.wish is Wish.TREAT_AS:
        key = repr(trouble.subject.value) if isinstance(trouble.subject, ast.Constant) else None
        if trouble.cause.endswith("_is_missing") and key is None:
            return frozenset()
        twins = with_value(case.attempt, wish.value, key)
    else:
        return frozenset()
    outcomes = yield from attempt_all(twins, case.layout, case.repository)
    return frozenset(_answer(outcome) for outcome in outcomes.values() if outcome.raised is None)


def _answer(outcome: Outcome) -> str:
    return f"{outcome.source}|{outcome.printed}"


def _tried(
    case: Case, trouble: Trouble, guard: Guard, claimed: Claimed | None, twins: frozenset[str]
) -> Asking[Repair | None]:
    """The repair, when the example then does what it must; a second guard where one is not enough."""
    text = _written(trouble.module.text, guard)
    if text is None:
        return None
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
    if settled is None:
        return None
    confirmed = claimed is not None or not twins or _answer(outcome) in twins
    return Repair(files=files, claimed=settled, phrase=guard.phrase, trouble=trouble, is_confirmed=confirmed)


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
