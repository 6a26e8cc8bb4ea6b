"""Reads what input gives what output from tables and from sentences: "for the input A the output is B"."""

# ruff: noqa: E501  (a pattern is read from left to right)

from __future__ import annotations

import ast
import re

from slipway.playbooks.crash.claim import Example
from slipway.playbooks.crash.values import VALUE, from_code, is_literal, source_of

_ROW = re.compile(r"^[ \t]*\|(?P<cells>.+)\|[ \t]*$", re.M)
_INPUT = re.compile(r"\b(?:input|call|argument|given|value|text|from|expression|example|in)\b", re.IGNORECASE)
_WANTED = re.compile(
    r"\b(?:want(?:ed)?|expect(?:ed|ation)?|should(?: be)?|desired|correct|must|ought|target|after|new)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"\b(?:should|must|expect(?:ed)?|want(?:ed)?|desired|instead|ought|would like|supposed|after)\b",
    re.IGNORECASE,
)
_IN_OUT = re.compile(
    r"\b(?:for|given|with|on)\s+(?:an?\s+|the\s+)?(?:input|argument|text|value|string)s?\s+(?:of\s+|like\s+)?(?P<given>"
    + re.sub(r"\?P<", "?P<a_", VALUE)
    + r")[^.\n]{0,40}?\b(?:output|result|answer|return value|outcome)\b[^.\n]{0,25}?(?:is|be|to be|of|=|:)\s+(?P<gives>"
    + re.sub(r"\?P<", "?P<b_", VALUE)
    + r")",
    re.IGNORECASE,
)


def is_lead(line: str) -> bool:
    """Whether a line announces what ought to be."""
    return (
        _LEAD.search(line) is not None and re.search(r"\b(?:actual|current|today|now)\b", line, re.I) is None
    )


def tabled(prose: str) -> list[Example]:
    """Examples from tables with a column of what is wanted, and from sentences about input and output."""
    found: list[Example] = []
    header: list[str] | None = None
    for match in _ROW.finditer(prose):
        cells = [cell.strip() for cell in match["cells"].split("|")]
        if all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            continue
        wanted = next((n for n, cell in enumerate(cells) if _WANTED.search(cell)), None)
        if header is None or (wanted is not None and len(cells) != len(header)):
            header = cells
            continue
        found += _row(header, cells)
    for match in _IN_OUT.finditer(prose):
        given, gives = _grouped(match, "a_"), _grouped(match, "b_")
        if given is not None and gives is not None:
            found.append(Example(expression="", argument=given, expected=gives))
    return list(reversed(found))


def _row(header: list[str], cells: list[str]) -> list[Example]:
    wanted = next((n for n, cell in enumerate(header) if _WANTED.search(cell)), None)
    if wanted is None or len(cells) != len(header):
        return []
    given = next((n for n, cell in enumerate(header) if n != wanted and _INPUT.search(cell)), 0)
    source, expected = cells[given].strip("` "), _value(cells[wanted])
    if given == wanted or expected is None:
        return []
    if is_literal(source):
        return [Example(expression="", argument=source, expected=expected)]
    try:
        tree = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError):
        return []
    is_call = any(isinstance(node, ast.Call) for node in ast.walk(tree))
    return [Example(expression=ast.unparse(tree), expected=expected)] if is_call else []


def _value(cell: str) -> str | None:
    match = re.fullmatch(VALUE, cell.strip(), re.IGNORECASE)
    return source_of(match) if match else from_code(cell.strip("` "))


def _grouped(match: re.Match[str], prefix: str) -> str | None:
    inner = re.fullmatch(VALUE, match["given" if prefix == "a_" else "gives"], re.IGNORECASE)
    return source_of(inner) if inner else None
