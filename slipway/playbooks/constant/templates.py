"""Texts with fields in braces, and what tests make of them: `Dear {name}` is `Dear Ann` there."""

from __future__ import annotations

import re
from collections.abc import Collection

_FIELD = re.compile(r"\{(\w*)[^{}]*\}|%s|%d")


def retold(said: str, old: str, new: str) -> str | None:
    """What a filled-in old text says with the new one; None when it is no such text."""
    fields = [match[1] for match in _FIELD.finditer(old)]
    if not fields:
        return new if said == old else None
    found = _pattern(old).fullmatch(said)
    if found is None:
        return None
    values: dict[str, list[str]] = {}
    for name, value in zip(fields, found.groups(), strict=True):
        values.setdefault(name or "", []).append(value)
    given = {name: iter(several) for name, several in values.items()}
    if any(name not in values for name in (match[1] or "" for match in _FIELD.finditer(new))):
        return None
    return _FIELD.sub(lambda match: next(given[match[1] or ""], values[match[1] or ""][-1]), new)


def is_any(said: str, templates: Collection[str]) -> bool:
    """Whether a text is one of some others, filled in."""
    return any(said == each or _pattern(each).fullmatch(said) for each in templates)


def _pattern(template: str) -> re.Pattern[str]:
    parts, position = [], 0
    for match in _FIELD.finditer(template):
        parts += [re.escape(template[position : match.start()]), "(.+?)"]
        position = match.end()
    return re.compile("".join((*parts, re.escape(template[position:]))), re.S)
