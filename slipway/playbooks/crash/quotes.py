"""Quotes strings as the surrounding file does."""

from __future__ import annotations

import io
import tokenize
from typing import Literal

Style = Literal["'", '"']


def quote_style(text: str) -> Style:
    """The quote that most plain strings of a file use; double when there are none."""
    counts = {"'": 0, '"': 0}
    for token in _tokens(text):
        body = token.string.lstrip("rbfuRBFU")
        if token.type == tokenize.STRING and not body.startswith(('"""', "'''")):
            counts[body[0]] += 1
    return "'" if counts["'"] > counts['"'] else '"'


def requoted(code: str, style: Style) -> str:
    """The code with its plain strings in that quote, where that needs no escapes."""
    other = "'" if style == '"' else '"'
    lines = code.splitlines(keepends=True)
    for token in reversed(_tokens(code)):
        body = token.string.lstrip("rbfuRBFU")
        is_plain = token.type == tokenize.STRING and body.startswith(other) and not body.startswith(other * 3)
        if not is_plain or style in body or "\\" + other in body or token.start[0] != token.end[0]:
            continue
        prefix = token.string[: len(token.string) - len(body)]
        row, (start, end) = token.start[0] - 1, (token.start[1], token.end[1])
        lines[row] = f"{lines[row][:start]}{prefix}{style}{body[1:-1]}{style}{lines[row][end:]}"
    return "".join(lines)


def _tokens(text: str) -> list[tokenize.TokenInfo]:
    """The tokens of a text; none when it is only part of a program."""
    try:
        return list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError, IndentationError):
        return []
