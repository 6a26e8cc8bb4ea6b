"""Spoils texts and files: a cell that cannot be read, a column that is gone, a line without its separator."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from slipway.playbooks.crash.claim import Crash
from slipway.playbooks.crash.shapes import json_text
from slipway.playbooks.crash.text_content import Table, json_in, table_in
from slipway.playbooks.crash.values import is_literal

_SEPARATORS = ("=", ":", ",", ";", "|", "-", "/", "\t", " ")
_MAX_WORDS = 8


def spoiled_texts(
    text: str, *, crash: Crash, texts: tuple[str, ...], mutants: Callable[..., tuple[str, ...]]
) -> Iterator[str]:
    """Contents of a file or text in which one thing is wrong; `mutants` spoils the source of a document."""
    if (content := json_in(text)) is not None:
        for changed in mutants(repr(content), crash=crash, texts=texts):
            if is_literal(changed):
                yield json_text(changed)
        yield from ("", "{}", "[]", "not json")
        return
    unreadable = [value for value in _offered(crash, texts) if value not in text]
    if table := table_in(text):
        yield from _spoiled_rows(table, unreadable)
    yield ""
    lines = text.split("\n")
    if len(lines) > 1:
        yield lines[0] + "\n"
        yield "\n".join([*lines[:1], "", *lines[1:]])
        yield "\n".join([*lines[:1], "abc", *lines[1:]])
    yield from _without_separators(text)
    for word in list(re.finditer(r"[^\s,;:|=/\"'{}\[\]()]+", text))[:_MAX_WORDS]:
        for other in (*unreadable[:2], "abc"):
            yield f"{text[: word.start()]}{other}{text[word.end() :]}"


def message_literal(crash: Crash) -> str | None:
    """The literal that a message ends in: KeyError's key, the text that int() or strptime() refused."""
    message = crash.message.strip()
    for candidate in (
        message,
        message.rpartition(": ")[2],
        message.split("time data ")[-1].split(" does not")[0],
    ):
        try:
            return repr(ast.literal_eval(candidate))
        except (ValueError, SyntaxError):
            continue
    return message.split()[0] if " is not a valid " in message and is_literal(message.split()[0]) else None


def _offered(crash: Crash, texts: tuple[str, ...]) -> list[str]:
    """Texts that the message or the ticket shows, the message's first."""
    sources = [literal for literal in (message_literal(crash), *texts) if literal and literal[:1] in "'\""]
    values = [ast.literal_eval(source) for source in sources]
    return [value for value in dict.fromkeys(values) if isinstance(value, str) and "\n" not in value][:6]


def _spoiled_rows(table: Table, unreadable: list[str]) -> Iterator[str]:
    header, *others, last = table.rows
    for column in range(len(header)):
        for cell in (*unreadable, "", "abc", "0"):
            yield table.text([header, *others, [*last[:column], cell, *last[column + 1 :]]])
        yield table.text([header, *others, last[:column]])
        yield table.text([[*row[:column], *row[column + 1 :]] for row in table.rows])
    yield table.text([header])


def _without_separators(text: str) -> Iterator[str]:
    for separator in _SEPARATORS:
        if separator in text:
            first, _, rest = text.partition(separator)
            yield text.replace(separator, " " if separator != " " else "")
            yield first
            yield f"{first}{separator}"
            yield f"{first}{separator}abc"
            yield f"abc{separator}{rest}"
            yield f"{text.rstrip()}{separator}x"
