"""Finds unified diffs in a ticket: attachments first, then code blocks and bare text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from slipway.domain.ticket import Ticket

_FENCE = re.compile(
    r"^(?P<indent>[ \t]*)(?P<mark>```+|~~~+)[^\n]*\n(?P<body>.*?)^[ \t]*(?P=mark)[ \t]*$", re.M | re.S
)
_JIRA = re.compile(r"\{(?P<kind>code|noformat)(?::[^}]*)?\}\n?(?P<body>.*?)\{(?P=kind)\}", re.S)
_FILE = re.compile(r"^--- (?:\S|\").*\n\+\+\+ (?:\S|\")", re.M)
_HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@", re.M)
_GIT = re.compile(r"^diff --git |^(?:rename|copy) from |^GIT binary patch|^Binary files ", re.M)
_BARE = re.compile(r"(?:^diff --git .*\n|^--- \S.*\n(?=\+\+\+ ))(?:.*\n?)*", re.M)


@dataclass(frozen=True, kw_only=True)
class PatchClaim:
    """`diff` is all diffs of the ticket, one after the other; `source` says where they came from."""

    diff: str
    source: str


def read(ticket: Ticket) -> PatchClaim | None:
    """The diff of a ticket; None when it carries none."""
    attached = [(note.name, note.content) for note in ticket.attachments if is_diff(note.content)]
    if attached:
        return PatchClaim(
            diff="".join(_ended(content) for _, content in attached),
            source=", ".join(f"the attachment {name}" for name, _ in attached),
        )
    text = ticket.description.replace("\r\n", "\n")
    blocks = [_dedented(match["body"], match["indent"]) for match in _FENCE.finditer(text)]
    blocks += [match["body"] for match in _JIRA.finditer(text)]
    shown = [block for block in blocks if is_diff(block)]
    if shown:
        return PatchClaim(diff="".join(map(_ended, shown)), source="the code block in the ticket")
    bare = _BARE.search(_FENCE.sub("", text))
    if bare is not None and is_diff(bare[0]):
        return PatchClaim(diff=_ended(bare[0]), source="the ticket's text")
    return None


def is_diff(text: str) -> bool:
    """Whether a text has the marks of a unified diff."""
    clean = text.replace("\r\n", "\n")
    return bool((_FILE.search(clean) and _HUNK.search(clean)) or _GIT.search(clean))


def _dedented(body: str, indent: str) -> str:
    return "".join(line.removeprefix(indent) for line in body.splitlines(keepends=True))


def _ended(text: str) -> str:
    text = text.replace("\r\n", "\n")
    return text if text.endswith("\n") else f"{text}\n"
