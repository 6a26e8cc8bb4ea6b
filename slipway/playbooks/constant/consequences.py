"""Brings up to date what a failing assertion expects, where that follows from the value by arithmetic."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Collection, Iterator
from typing import TypeGuard

from slipway.playbooks.constant.places import Place

Number = int | float
_AT = re.compile(r"^(?P<path>[\w./-]+\.py):(?P<line>\d+): (?:AssertionError|Failed)", re.MULTILINE)
_SEEN = re.compile(
    r"^E\s+(?:AssertionError: )?(?:assert )?(?P<left>-?[\d.]+) (?:==|!=) (?P<right>-?[\d.]+)\s*$"
)
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


def explained(path: str, text: str, output: str, place: Place, value: object) -> str:
    """A test file with the expectations that failed replaced; unchanged where arithmetic does not tell.

    A number is replaced when one formula gives the old expectation from the old value and what was seen
    from the new one; a text when it holds the old value once, as a number of its own.
    """
    old = place.value
    if not (_is_number(old) and _is_number(value)):
        return text
    tree = ast.parse(text)
    found: dict[tuple[int, int], str] = {}
    for line, seen in _failures(output, path):
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and _holds(function, line):
                found |= _replaced(function, line, seen, old, value, text)
    for (start, end), new in sorted(found.items(), reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _failures(output: str, path: str) -> Iterator[tuple[int, tuple[Number, Number] | None]]:
    """Lines on which assertions of a file failed, with the two numbers that were compared."""
    before = 0
    for match in _AT.finditer(output):
        report, before = output[before : match.start()], match.end()
        if match["path"] != path:
            continue
        said = [each for each in map(_SEEN.match, report.splitlines()) if each is not None]
        pair = (_read(said[-1]["left"]), _read(said[-1]["right"])) if said else None
        yield int(match["line"]), pair


def _replaced(
    function: ast.AST,
    line: int,
    seen: tuple[Number, Number] | None,
    old: Number,
    value: Number,
    text: str,
) -> dict[tuple[int, int], str]:
    found: dict[tuple[int, int], str] = {}
    statement = _statement(function, line)
    inputs = {each.value for each in ast.walk(function) if isinstance(each, ast.Constant)}
    numbers = {each for each in inputs if _is_number(each)} | {1}
    for constant in _expected(statement):
        if isinstance(constant.value, str):
            changed = _with_new_number(constant, old, value, text)
            if changed is not None:
                found[_span(constant, text)] = changed
        elif seen is not None and _is_number(constant.value) and constant.value in seen:
            actual = seen[1] if seen[0] == constant.value else seen[0]
            # What is expected does not explain itself.
            if _follows(constant.value, actual, old, value, (numbers - {constant.value}) | {1}):
                found[_span(constant, text)] = repr(actual)
    return found


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
