"""GitHub's search language: words, quoted phrases, regular expressions, qualifiers and their negation."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""(?P<not>-|NOT\s+)?
        (?:(?P<qualifier>[a-z][\w-]*):(?:"(?P<quoted_value>[^"]*)"|(?P<value>[^\s"]+))
          |"(?P<phrase>[^"]*)"
          |/(?P<pattern>(?:\\.|[^/\s\\])(?:\\.|[^/\\])*)/(?=\s|$)
          |(?P<word>[^\s"]+))""",
    re.VERBOSE,
)
QUALIFIERS = frozenset(
    {"repo", "org", "user", "path", "filename", "extension", "language", "in", "content", "symbol"}
    | {"is", "state", "type", "author", "label", "head", "base", "draft", "assignee", "review", "reason"}
    | {"sha", "no", "fork", "archived", "size", "stars", "created", "updated", "sort"}
)
_CONNECTORS = ("AND", "OR")


@dataclass(frozen=True)
class Term:
    """Something to look for, literally or as a regular expression."""

    text: str
    is_pattern: bool = False


@dataclass
class Query:
    """A query taken apart."""

    terms: list[Term] = field(default_factory=list)
    unwanted: list[Term] = field(default_factory=list)
    qualifiers: dict[str, list[str]] = field(default_factory=dict)
    without: dict[str, list[str]] = field(default_factory=dict)
    is_any: bool = False

    def values(self, *names: str) -> list[str]:
        """Everything given for these qualifiers."""
        return [value for name in names for value in self.qualifiers.get(name, [])]


def parse_query(text: str) -> Query:
    """Read a query; with `OR` between words, one of them is enough."""
    query = Query()
    for found in _TOKEN.finditer(text):
        name = found["qualifier"]
        value = found["quoted_value"] if found["quoted_value"] is not None else found["value"]
        is_negative = found["not"] is not None
        if name in QUALIFIERS and name not in ("content", "symbol"):
            target = query.without if is_negative else query.qualifiers
            target.setdefault(name, []).append(value)
        elif found["word"] in _CONNECTORS:
            query.is_any = query.is_any or found["word"] == "OR"
        else:
            term = _term(found, name=name, value=value)
            (query.unwanted if is_negative else query.terms).append(term)
    return query


def _term(found: re.Match[str], *, name: str | None, value: str | None) -> Term:
    if found["pattern"] is not None:
        return Term(found["pattern"].replace("\\/", "/"), is_pattern=True)
    if found["phrase"] is not None:
        return Term(found["phrase"])
    if name in ("content", "symbol"):
        return Term(value or "")
    return Term(f"{name}:{value}" if name else found["word"].strip("()"))
