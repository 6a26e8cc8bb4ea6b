"""Decides whether a log line matches a CloudWatch Logs filter pattern."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

_COMPARISON = re.compile(r"\$\.(?P<path>[\w.\-]+)\s*(?P<operator>!=|>=|<=|=|>|<)\s*(?P<value>\"[^\"]*\"|\S+)")
_TERM = re.compile(r'[?-]?"[^"]*"|[?-]?\S+')
_NUMERIC: dict[str, Callable[[float, float], bool]] = {
    ">": lambda left, right: left > right,
    "<": lambda left, right: left < right,
    ">=": lambda left, right: left >= right,
    "<=": lambda left, right: left <= right,
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
}


def matches(pattern: str, line: str) -> bool:
    """Whether `line` is selected by `pattern`: empty, terms, or a JSON comparison joined by && or ||."""
    text = pattern.strip()
    if not text:
        return True
    if text.startswith("{") and text.endswith("}"):
        return _matches_json(text[1:-1].strip(), line)
    return _matches_terms(text, line)


def _matches_json(expression: str, line: str) -> bool:
    start = line.find("{")
    try:
        document = json.loads(line[start:]) if start >= 0 else None
    except ValueError:
        return False
    if not isinstance(document, dict):
        return False
    return any(
        all(_compare(comparison.strip(" ()"), document) for comparison in alternative.split("&&"))
        for alternative in expression.split("||")
    )


def _compare(comparison: str, document: dict[str, object]) -> bool:
    found = _COMPARISON.fullmatch(comparison)
    if found is None:
        return False
    value: object = document
    for key in found["path"].split("."):
        value = value.get(key) if isinstance(value, dict) else None
    wanted = found["value"]
    if isinstance(value, int | float) and not isinstance(value, bool) and not wanted.startswith('"'):
        try:
            return _NUMERIC[found["operator"]](value, float(wanted))
        except ValueError:
            return False
    text = value if isinstance(value, str) else json.dumps(value)
    same = re.fullmatch(re.escape(wanted.strip('"')).replace(r"\*", ".*"), text) is not None
    return {"=": same, "!=": not same}.get(found["operator"], False)


def _matches_terms(text: str, line: str) -> bool:
    terms = _TERM.findall(text)
    optional = [term[1:].strip('"') for term in terms if term.startswith("?")]
    refused = [term[1:].strip('"') for term in terms if term.startswith("-")]
    required = [term.strip('"') for term in terms if term[0] not in "?-"]
    return (
        (not optional or any(term in line for term in optional))
        and all(term in line for term in required)
        and not any(term in line for term in refused)
    )
