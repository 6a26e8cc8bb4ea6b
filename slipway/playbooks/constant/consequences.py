"""Brings up to date what a failing assertion expects, where that follows from the value by arithmetic."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TypeGuard

from slipway.playbooks.constant.choice import Chosen
from slipway.playbooks.constant.companions import restated
from slipway.playbooks.constant.places import Place
from slipway.playbooks.crash.layout import Layout

Number = int | float
_AT = re.compile(r"^(?P<path>[\w./-]+\.py):(?P<line>\d+): (?:AssertionError|Failed)", re.MULTILINE)
_SEEN = re.compile(
    r"^E\s+(?:AssertionError: )?(?:assert )?(?P<left>-?[\d.]+) (?:==|!=) (?P<right>-?[\d.]+)\s*$"
)
_CASE = re.compile(r"^_{2,} .*\[(.+)\] _{2,}$", re.MULTILINE)
_SECONDS = {"weeks": 604_800, "days": 86_400, "hours": 3600, "minutes": 60, "milliseconds": 0.001}
_FORMULAS: tuple[Callable[[Number, Number], Number], ...] = (
    lambda value, _: value,
    lambda value, other: value + other,
    lambda value, other: value - other,
    lambda value, other: other - value,
    lambda value, other: value * other,
    lambda value, other: value / other,
    lambda value, other: value // other,
    lambda value, other: other / value,
    lambda value, other: other // value,
    lambda value, other: other % value,
    lambda value, other: math.ceil(other / value),
)


def explained(path: str, text: str, output: str, chosen: Chosen, layout: Layout) -> str:
    """A test file with the expectations that failed replaced; unchanged where arithmetic does not tell.

    A number is replaced when one formula gives the old expectation from the old value and what was seen
    from the new one; a text when it holds the old value once, as a number of its own.
    """
    place = chosen.places[0]
    change = _change(chosen)
    if change is None:
        return text
    tree = ast.parse(text)
    found: dict[tuple[int, int], str] = {}
    beside = _beside(place, layout)
    for failure in _failures(output, path):
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and _holds(
                function, failure.line
            ):
                found |= _replaced(function, failure, change, beside, text, chosen)
                found |= _row(function, failure, change, beside, text)
    for (start, end), new in sorted(found.items(), reverse=True):
        text = text[:start] + new + text[end:]
    return text


@dataclass(frozen=True)
class _Failure:
    """`case` is what a parametrized test adds to its name; `seen` are the two numbers that were compared."""

    line: int
    seen: tuple[Number, Number] | None
    case: str


def _change(chosen: Chosen) -> tuple[Number, Number] | None:
    """The old and the new value as numbers; durations of different units in seconds."""
    place, value = chosen.places[0], chosen.value
    old: object = place.value
    if isinstance(old, str) and isinstance(value, str):
        try:
            return float(old), float(value)
        except ValueError:
            return None
    if not (_is_number(old) and _is_number(value)):
        return None
    unit = re.search(r"timedelta\((\w+)=$", place.wrapper)
    if unit is None:
        return old, value
    now = chosen.literals[0].partition("=")[0] if "=" in chosen.literals[0] else unit[1]
    return old * _SECONDS.get(unit[1], 1), value * _SECONDS.get(now, 1)


def _beside(place: Place, layout: Layout) -> frozenset[Number]:
    """Numbers that the module of the value, and those that use its name, calculate with."""
    found: set[Number] = set()
    for path in layout.index.source_paths:
        if path != place.path and not (place.name and place.name in layout.tree[path]):
            continue
        module = layout.index.module(path)
        for node in ast.walk(module.tree) if module is not None else ():
            if isinstance(node, ast.Constant) and _is_number(node.value):
                found.add(node.value)
    return frozenset(found)


def _failures(output: str, path: str) -> Iterator[_Failure]:
    """Lines on which assertions of a file failed, with the two numbers that were compared."""
    before = 0
    for match in _AT.finditer(output):
        report, before = output[before : match.start()], match.end()
        if match["path"] != path:
            continue
        said = [each for each in map(_SEEN.match, report.splitlines()) if each is not None]
        pair = (_read(said[-1]["left"]), _read(said[-1]["right"])) if said else None
        cases = _CASE.findall(report)
        yield _Failure(int(match["line"]), pair, cases[-1] if cases else "")


def _replaced(
    function: ast.AST,
    failure: _Failure,
    change: tuple[Number, Number],
    beside: frozenset[Number],
    text: str,
    chosen: Chosen,
) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    statement = _statement(function, failure.line)
    inputs = {each.value for each in ast.walk(function) if isinstance(each, ast.Constant)}
    numbers = {each for each in inputs if _is_number(each)} | {1}
    for constant in _expected(statement):
        if isinstance(constant.value, str):
            changed = _with_new_number(constant, *change, text) or _with_quantity(constant, chosen, text)
            if changed is not None:
                found[_span(constant, text)] = changed
        else:
            # What is expected does not explain itself.
            others = (numbers - {constant.value}) | {1} | beside
            found |= _explained_by(constant, failure, change, others, text)
    return found


def _row(
    function: ast.FunctionDef | ast.AsyncFunctionDef,
    failure: _Failure,
    change: tuple[Number, Number],
    beside: frozenset[Number],
    text: str,
) -> dict[tuple[int, int], str]:
    """The expectation in the row of a parametrized test that failed."""
    found: dict[tuple[int, int], str] = {}
    rows = [each for top in function.decorator_list for each in ast.walk(top) if isinstance(each, ast.Tuple)]
    for row in rows:
        cells = [each for each in row.elts if isinstance(each, ast.Constant)]
        if not failure.case or "-".join(str(each.value) for each in cells) != failure.case:
            continue
        numbers = {each.value for each in cells if _is_number(each.value)}
        for cell in cells[-1:]:
            found |= _explained_by(cell, failure, change, (numbers - {cell.value}) | {1} | beside, text)
    return found


def _explained_by(
    constant: ast.Constant,
    failure: _Failure,
    change: tuple[Number, Number],
    others: Collection[object],
    text: str,
) -> dict[tuple[int, int], str]:
    seen = failure.seen
    if seen is None or not _is_number(constant.value) or constant.value not in seen:
        return {}
    actual = seen[1] if seen[0] == constant.value else seen[0]
    return {_span(constant, text): repr(actual)} if _follows(constant.value, actual, *change, others) else {}


def _with_quantity(constant: ast.Constant, chosen: Chosen, text: str) -> str | None:
    """`8 MB` in the text that is expected, where the code has it in bytes."""
    start, end = _span(constant, text)
    old = chosen.claim.old
    changed = restated(text[start:end], old, chosen.claim.new) if old is not None else text[start:end]
    return changed if changed != text[start:end] else None


def _follows(
    expected: Number, actual: Number, old: Number, value: Number, inputs: Collection[object]
) -> bool:
    for other in inputs:
        for formula in _FORMULAS:
            try:
                if _is_number(other) and formula(old, other) == expected and formula(value, other) == actual:
                    return True
            except (ZeroDivisionError, OverflowError):
                continue
    return False


def _statement(function: ast.AST, line: int) -> ast.AST | None:
    """The innermost statement that a line belongs to."""
    found = [each for each in ast.walk(function) if isinstance(each, ast.stmt) and _holds(each, line)]
    return min(found, key=lambda each: (each.end_lineno or 0) - each.lineno, default=None)


def _holds(node: ast.stmt, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or node.lineno)


def _expected(statement: ast.AST | None) -> list[ast.Constant]:
    """Literals that the statement compares with; those given to what is tested are not among them."""
    match statement:
        case ast.Assert(test=ast.Compare(left=left, ops=[ast.Eq() | ast.In()], comparators=[right])):
            sides = [left, right]
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name), args=[first, second, *_])) if name in {
            "assertEqual",
            "assertEquals",
            "assertIn",
        }:
            sides = [first, second]
        case ast.With(items=items):
            sides = [
                keyword.value
                for item in items
                if isinstance(item.context_expr, ast.Call)
                for keyword in item.context_expr.keywords
                if keyword.arg == "match"
            ]
        case _:
            return []
    return [each for each in sides if isinstance(each, ast.Constant)]


def _with_new_number(constant: ast.Constant, old: Number, value: Number, text: str) -> str | None:
    start, end = _span(constant, text)
    token = re.compile(rf"(?<![\w.]){re.escape(f'{old:g}')}(?:\.0)?(?!\w|\.\d)")
    source = text[start:end]
    if "\n" in source or len(token.findall(source)) != 1:
        return None
    return token.sub(f"{value:g}" if value < 1_000_000 else str(value), source)


def _span(node: ast.Constant, text: str) -> tuple[int, int]:
    lines = text.splitlines(keepends=True)

    def offset(line: int, column: int) -> int:
        before = sum(map(len, lines[: line - 1]))
        return before + len(lines[line - 1].encode()[:column].decode(errors="replace"))

    return (
        offset(node.lineno, node.col_offset),
        offset(node.end_lineno or node.lineno, node.end_col_offset or 0),
    )


def _read(said: str) -> Number:
    return float(said) if "." in said else int(said)


def _is_number(value: object) -> TypeGuard[Number]:
    return isinstance(value, int | float) and not isinstance(value, bool)
