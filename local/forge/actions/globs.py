"""GitHub's filter patterns for branches and paths: `*`, `**`, `?`, `[]`, and `!` to take back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache


def selects(patterns: Sequence[str], name: str) -> bool:
    """Say whether a list of patterns selects a name; later patterns overrule earlier ones."""
    chosen = False
    for pattern in patterns:
        is_negative = pattern.startswith("!")
        if _compiled(pattern.removeprefix("!")).fullmatch(name):
            chosen = not is_negative
    return chosen


def passes(name: str, *, only: Sequence[str] | None, ignore: Sequence[str] | None) -> bool:
    """Apply a pair such as `branches` and `branches-ignore` to one name."""
    if only is not None:
        return selects(only, name)
    return ignore is None or not selects(ignore, name)


def any_passes(names: Iterable[str], *, only: Sequence[str] | None, ignore: Sequence[str] | None) -> bool:
    """Apply `paths` and `paths-ignore` to the changed files: one that passes is enough."""
    if only is None and ignore is None:
        return True
    return any(passes(name, only=only, ignore=ignore) for name in names)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    text, position = "", 0
    while position < len(pattern):
        rest = pattern[position:]
        if rest.startswith("**/"):
            text, position = text + "(?:.*/)?", position + 3
        elif rest.startswith("**"):
            text, position = text + ".*", position + 2
        elif rest[0] == "*":
            text, position = text + "[^/]*", position + 1
        elif rest[0] in "?+":
            text, position = text + rest[0], position + 1
        elif rest[0] == "[" and "]" in rest:
            end = rest.index("]") + 1
            text, position = text + rest[:end], position + end
        elif rest[0] == "\\" and len(rest) > 1:
            text, position = text + re.escape(rest[1]), position + 2
        else:
            text, position = text + re.escape(rest[0]), position + 1
    try:
        return re.compile(text)
    except re.error:
        return re.compile(re.escape(pattern))
