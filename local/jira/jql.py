"""The part of JQL that the double understands: fields, operators, AND, OR, NOT, ORDER BY."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from local.jira import adf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from local.jira.state import Issue, Site

_TOKEN: Final = re.compile(
    r"""\s*(?:(?P<quoted>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<sign>!=|!~|>=|<=|[=~<>(),])"""
    r"""|(?P<word>[^\s=~!<>(),"']+))"""
)


class JqlError(Exception):
    """A query that cannot be understood; the message is for the person who wrote it."""


@dataclass(frozen=True)
class _Token:
    text: str
    quoted: bool


def search(site: Site, query: str) -> list[Issue]:
    """Return the issues that a query finds, in its order (newest first without ORDER BY)."""
    tokens = _tokens(query)
    parser = _Parser(site, tokens)
    matches = parser.condition() if tokens and not parser.at("ORDER") else (lambda _issue: True)
    key, reverse = parser.order()
    found = [issue for issue in site.state.issues.values() if matches(issue)]
    return sorted(found, key=key, reverse=reverse)


def _tokens(query: str) -> list[_Token]:
    tokens: list[_Token] = []
    position = 0
    text = query.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise JqlError(f"Error in the JQL Query: unexpected text at {text[position:]!r}.")
        quoted = match["quoted"]
        if quoted is None:
            tokens.append(_Token(match["sign"] or match["word"], quoted=False))
        else:
            tokens.append(_Token(re.sub(r"\\(.)", r"\1", quoted[1:-1]), quoted=True))
        position = match.end()
    return tokens


class _Parser:
    """Recursive descent over the tokens; each step returns a test of one issue."""

    def __init__(self, site: Site, tokens: list[_Token]) -> None:
        self._site = site
        self._tokens = tokens
        self._position = 0

    def at(self, *words: str) -> bool:
        if self._position >= len(self._tokens):
            return False
        token = self._tokens[self._position]
        return not token.quoted and token.text.upper() in words

    def condition(self) -> Callable[[Issue], bool]:
        tests = [self._conjunction()]
        while self._take("OR"):
            tests.append(self._conjunction())
        return lambda issue: any(test(issue) for test in tests)

    def order(self) -> tuple[Callable[[Issue], tuple[str, int]], bool]:
        if not self._take("ORDER"):
            self._end()
            return _order_key(self._site, "created"), True
        self._expect("BY")
        field = self._next().lower()
        reverse = self._take("DESC")
        if not reverse:
            self._take("ASC")
        self._end()
        return _order_key(self._site, field), reverse

    def _conjunction(self) -> Callable[[Issue], bool]:
        tests = [self._term()]
        while self._take("AND"):
            tests.append(self._term())
        return lambda issue: all(test(issue) for test in tests)

    def _term(self) -> Callable[[Issue], bool]:
        if self._take("NOT", "!"):
            inner = self._term()
            return lambda issue: not inner(issue)
        if self._take("("):
            inner = self.condition()
            self._expect(")")
            return inner
        return self._comparison()

    def _comparison(self) -> Callable[[Issue], bool]:
        field = self._next().lower()
        if field not in _FIELDS:
            raise JqlError(f"Field '{field}' does not exist or you do not have permission to view it.")

        def values(issue: Issue) -> list[str]:
            return [value.lower() for value in _FIELDS[field](self._site, issue)]

        operator = self._next().lower()
        if operator == "is":
            negated = self._take("NOT")
            self._expect("EMPTY", "NULL")
            return lambda issue: bool(values(issue)) == negated
        if operator == "not":
            self._expect("IN")
            excluded = self._list()
            return lambda issue: bool(values(issue)) and not excluded & set(values(issue))
        if operator == "in":
            wanted = self._list()
            return lambda issue: bool(wanted & set(values(issue)))
        operand = self._operand()
        match operator:
            case "=":
                return lambda issue: operand in values(issue)
            case "!=":
                return lambda issue: bool(values(issue)) and operand not in values(issue)
            case "~":
                return lambda issue: _contains(values(issue), operand)
            case "!~":
                return lambda issue: not _contains(values(issue), operand)
            case _:
                raise JqlError(f"The operator '{operator}' is not supported by the '{field}' field.")

    def _list(self) -> set[str]:
        self._expect("(")
        values = {self._operand()}
        while self._take(","):
            values.add(self._operand())
        self._expect(")")
        return values

    def _operand(self) -> str:
        """Return a value; `currentUser()` and other functions are refused by name."""
        value = self._next()
        if self.at("("):
            raise JqlError(f"Unable to find JQL function '{value}()'.")
        return value.lower()

    def _take(self, *words: str) -> bool:
        if not self.at(*words):
            return False
        self._position += 1
        return True

    def _expect(self, *words: str) -> None:
        if not self._take(*words):
            raise JqlError(f"Error in the JQL Query: expecting {' or '.join(words)}.")

    def _next(self) -> str:
        if self._position >= len(self._tokens):
            raise JqlError("Error in the JQL Query: the query ends too early.")
        self._position += 1
        return self._tokens[self._position - 1].text

    def _end(self) -> None:
        if self._position < len(self._tokens):
            found = self._tokens[self._position].text
            raise JqlError(f"Error in the JQL Query: expecting AND, OR or ORDER BY, got '{found}'.")


def _contains(values: Iterable[str], operand: str) -> bool:
    """Match as text search does: every word must be there, in any order."""
    text = "\n".join(values)
    return all(word.strip("*") in text for word in operand.split())


def _person(site: Site, account_id: str | None) -> list[str]:
    user = site.state.users.get(account_id or "")
    return [] if user is None else [user.account_id, user.email, user.display_name]


_FIELDS: Final[dict[str, Callable[[Site, Issue], list[str]]]] = {
    "project": lambda site, i: [i.project, site.state.projects[i.project].name],
    "key": lambda _site, i: [i.key],
    "issuekey": lambda _site, i: [i.key],
    "id": lambda _site, i: [i.id],
    "status": lambda _site, i: [i.status],
    "labels": lambda _site, i: i.labels,
    "priority": lambda _site, i: [i.priority],
    "issuetype": lambda _site, i: [i.issue_type],
    "type": lambda _site, i: [i.issue_type],
    "summary": lambda _site, i: [i.summary],
    "description": lambda _site, i: [adf.plain_text(i.description)] if i.description else [],
    "assignee": lambda site, i: _person(site, i.assignee),
    "reporter": lambda site, i: _person(site, i.reporter),
    "text": lambda _site, i: [
        i.summary,
        adf.plain_text(i.description),
        *(adf.plain_text(comment.body) for comment in i.comments),
    ],
}


def _order_key(site: Site, field: str) -> Callable[[Issue], tuple[str, int]]:
    dates: dict[str, Callable[[Issue], str]] = {
        "created": lambda issue: issue.created.isoformat(),
        "updated": lambda issue: issue.updated.isoformat(),
    }
    if field not in dates and field not in _FIELDS:
        raise JqlError(f"Not able to sort using field '{field}'.")

    def key(issue: Issue) -> tuple[str, int]:
        number = int(issue.key.rpartition("-")[2])
        if field in {"key", "issuekey"}:
            return issue.project, number
        value = dates[field](issue) if field in dates else " ".join(_FIELDS[field](site, issue))
        return value, number

    return key
