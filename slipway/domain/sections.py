"""A document in Markdown or reStructuredText, cut at its headings into pieces that can be quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_HASHES = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_UNDERLINE = re.compile(r"([=\-~^\"'`#*+:.])\1{2,}\s*$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
SEPARATOR = " › "


@dataclass(frozen=True)
class Section:
    """What stands under one heading; `heading` names those above it too."""

    heading: str
    text: str


def sections(document: str, *, max_characters: int) -> list[Section]:
    """Every section that says something, long ones in several pieces at the ends of paragraphs."""
    return [
        Section(heading, piece)
        for heading, body in _under_headings(_COMMENT.sub("", document).splitlines())
        for piece in pieces(body, max_characters=max_characters)
    ]


def pieces(text: str, *, max_characters: int) -> Iterator[str]:
    """`text` cut at blank lines, then at line ends, then anywhere, into pieces that are not longer."""
    piece = ""
    for part in _parts(text.strip("\n"), max_characters):
        if piece and len(piece) + len(part) > max_characters:
            yield piece.strip("\n")
            piece = ""
        piece += part
    if piece.strip():
        yield piece.strip("\n")


def _parts(text: str, max_characters: int) -> Iterator[str]:
    for paragraph in re.split(r"(?<=\n)(?=\n)", text):
        if len(paragraph) <= max_characters:
            yield paragraph
            continue
        for line in paragraph.splitlines(keepends=True):
            yield from (line[at : at + max_characters] for at in range(0, len(line), max_characters))


def _under_headings(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs of heading and body; a heading without words of its own is only part of those below it."""
    above: list[tuple[int, str]] = []
    styles: list[str] = []
    body: list[str] = []
    fence = ""
    at = 0
    while at < len(lines):
        fence = _fence_after(lines[at], fence)
        found = None if fence else _heading(lines, at, styles)
        if found is None:
            body.append(lines[at])
            at += 1
            continue
        if any(line.strip() for line in body):
            yield SEPARATOR.join(title for _, title in above), "\n".join(body)
        level, title, length = found
        above = [*(each for each in above if each[0] < level), (level, title)]
        body = []
        at += length
    if any(line.strip() for line in body):
        yield SEPARATOR.join(title for _, title in above), "\n".join(body)


def _fence_after(line: str, fence: str) -> str:
    """The fence that is open after this line; empty outside of code."""
    found = _FENCE.match(line)
    if not found:
        return fence
    if not fence:
        return found[1]
    closes = found[1].startswith(fence) and not line.strip().strip(fence[0])
    return "" if closes else fence


def _heading(lines: Sequence[str], at: int, styles: list[str]) -> tuple[int, str, int] | None:
    """Level, title and number of lines of the heading that begins here; `styles` remembers underlines."""
    if hashes := _HASHES.match(lines[at]):
        return len(hashes[1]), hashes[2], 1
    title, under = lines[at].strip(), lines[at + 1] if at + 1 < len(lines) else ""
    is_title = title and not lines[at][:1].isspace() and not _UNDERLINE.match(title)
    line = _UNDERLINE.match(under)
    if not is_title or not line or len(under.rstrip()) < min(len(title), 3):
        return None
    if line[1] not in styles:
        styles.append(line[1])
    return styles.index(line[1]) + 1, title, 2
