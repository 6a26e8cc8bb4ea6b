"""Reads values as people write them in prose: literals, quoted words, "an empty list", "zero"."""

from __future__ import annotations

import ast
import re

_WORDS = {
    "none": "None",
    "null": "None",
    "nothing": "None",
    "true": "True",
    "false": "False",
    "zero": "0",
    "one": "1",
    "dash": "'-'",
    "hyphen": "'-'",
    "question mark": "'?'",
    "asterisk": "'*'",
}
_EMPTY = {
    "list": "[]",
    "array": "[]",
    "dict": "{}",
    "dictionary": "{}",
    "mapping": "{}",
    "object": "{}",
    "string": "''",
    "text": "''",
    "str": "''",
    "tuple": "()",
    "set": "set()",
    "report": "[]",
    "result": "[]",
}
EMPTY = "<empty>"
"""Stands for "empty" without a type; the code that uses it decides."""

VALUE = (
    r"(?:"
    r"`+(?P<code>[^`\n]+)`+"
    r"|(?P<quoted>\"[^\"\n]*\"|(?<!\w)'[^'\n]*'(?!\w)|“[^”\n]*”|‘[^’\n]*’)"
    r"|(?P<literal>\[[^\]\n]{0,120}\]|\{[^}\n]{0,160}\}|\((?:[^()\n]{0,80},[^()\n]{0,80})?\)"
    r"|-?\d+(?:\.\d+)?(?![\w%.]*%|\w))"
    r"|(?<![\d.])(?P<zero>0(?:\.0+)?)\s?%"
    r"|(?<!\S)(?P<symbol>[-–—?*][-–—?*.]*[-–—?*])(?=[\s,;]|$)"
    r"|(?<![\w/])(?P<na>[Nn]/[Aa])(?![\w/])"
    r"|(?:an?\s+)(?P<sign>dash|hyphen|question mark|asterisk)\b"
    r"|(?P<word>None|null|nothing|True|False|true|false|zero)\b"
    r"|(?:an?\s+|the\s+)?empty\s+(?P<empty>list|array|dict(?:ionary)?|mapping|object|string|text|str|tuple|set)\b"
    r"|(?P<bare>(?:blank|empty)\b(?!\s+(?!if\b|when\b|for\b|instead\b|then\b|in\b)\w))"
    r")"
)
"""A regular expression with named groups for one value."""


def source_of(match: re.Match[str]) -> str | None:
    """Python source of the value that VALUE matched; None when it is no value at all."""
    groups = match.groupdict()
    if (code := groups.get("code")) is not None:
        return from_code(code)
    if (quoted := groups.get("quoted")) is not None:
        return repr(quoted[1:-1])
    if (literal := groups.get("literal")) is not None:
        return _literal(literal)
    if (word := groups.get("word") or groups.get("sign")) is not None:
        return _WORDS[word.lower()]
    if (symbol := groups.get("symbol")) is not None:
        return repr(symbol)
    if groups.get("zero"):
        return "0"
    if (text := groups.get("na")) is not None:
        return repr(text)
    if (empty := groups.get("empty")) is not None:
        return _EMPTY[empty.lower()]
    return EMPTY if groups.get("bare") else None


def from_code(code: str) -> str | None:
    """Source from a code span: a literal as it is, an upper-case name or attribute as it is, else None."""
    code = code.strip()
    if code.lower() in _WORDS and code.lower() not in {"nothing", "zero", "one"}:
        return _WORDS[code.lower()]
    literal = _literal(code)
    if literal is not None:
        return literal
    if re.fullmatch(r"(?:Decimal|Fraction|timedelta|date|datetime|set|frozenset|Path)\([^()]*\)", code):
        return code
    if re.fullmatch(r"[A-Z_][A-Z0-9_]{2,}|(?:\w+\.)+[A-Z][A-Z0-9_]*", code):
        return code
    # What cannot be a name is text that was set in code font: n/a, --, not available.
    return repr(code) if re.fullmatch(r"[Nn]/[Aa]|[-–—?.]+|[A-Za-z]+(?: [A-Za-z]+)+", code) else None


def is_literal(source: str) -> bool:
    """Whether the source is a plain literal."""
    return _literal(source) is not None


def literals(text: str) -> tuple[str, ...]:
    """Source of every literal that the text quotes or writes in code spans, in order."""
    found: list[str] = []
    for match in re.finditer(r"`+([^`\n]+)`+|\"([^\"\n]*)\"|(?<!\w)'([^'\n]*)'(?!\w)", text):
        code, double, single = match.groups()
        if code is not None:
            found.extend(filter(None, (_literal(code.strip()),)))
            inner = re.findall(r"\"[^\"]*\"|'[^']*'|(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])", code)
            found.extend(filter(None, map(_literal, inner)))
            if not re.search(r"[()\[\]{}'\"]", code):
                found.append(repr(code.strip()))
        else:
            found.append(repr(double if double is not None else single))
    return tuple(dict.fromkeys(found))


def _literal(source: str) -> str | None:
    try:
        value = ast.literal_eval(source.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None
    return repr(value)
