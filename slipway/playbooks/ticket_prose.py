"""The sentences of a ticket, with code blocks set aside and quoted blocks as quotations."""

from __future__ import annotations

import re

from slipway.domain.ticket import Ticket

_FENCE = re.compile(r"^[ \t]*(?P<mark>```+|~~~+)[^\n]*\n(?P<body>.*?)^[ \t]*(?P=mark)[^\n]*$", re.M | re.S)
_JIRA_FENCE = re.compile(r"\{(code|noformat|quote)(?::[^}]*)?\}(?P<body>.*?)\{\1\}", re.S)
_BLOCKQUOTE = re.compile(r"(?:^[ \t]*>[^\n]*(?:\n|\Z))+", re.M)
_TRACEBACK = re.compile(r"Traceback \(most recent call last\)|^\s*File \"[^\"]+\", line \d+", re.M)
OPEN, CLOSE = "“", "”"


def has_traceback(ticket: Ticket) -> bool:
    """Whether the ticket shows one; then what it is about is what crashed."""
    return _TRACEBACK.search(f"{ticket.description}\n{ticket.summary}") is not None


def prose(ticket: Ticket, *, separator: str = "\n") -> str:
    """Summary and description as running text; one-line code blocks and block quotes become “quotations”."""
    return f"{ticket.summary.rstrip('.')}.{separator}{_quoted(ticket.description)}"


def flowing(ticket: Ticket) -> str:
    """The same on one line, so that a sentence may run across a quoted block."""
    return " ".join(prose(ticket).split())


def _quoted(text: str) -> str:
    for fence in (_FENCE, _JIRA_FENCE):
        text = fence.sub(lambda match: _quotation(match["body"]), text)
    return _BLOCKQUOTE.sub(
        lambda match: _quotation(re.sub(r"^[ \t]*>[ \t]?", "", match[0], flags=re.M)) + "\n", text
    )


def _quotation(block: str) -> str:
    lines = [line.strip() for line in block.strip().splitlines() if line.strip()]
    if not lines or len(lines) > 6 or _TRACEBACK.search(block):
        return " "
    content = " ".join(lines)
    return f" {OPEN}{content}{CLOSE} "
