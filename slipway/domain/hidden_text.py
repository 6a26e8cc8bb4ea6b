"""Finds what a text holds that its reader does not see, so that people who approve are shown it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from slipway.domain.counted import counted
from slipway.domain.secret_scan import scan
from slipway.domain.ticket import Ticket

_SHOWS = 160
_NAMED = 8
"""How many passages a note names."""
_FAR_RIGHT = 150
_MANY_BLANK_LINES = 25


class Trick(StrEnum):
    """How a passage is hidden."""

    COMMENT = "HTML comment"
    LINK_COMMENT = "Markdown link definition that is never shown"
    STYLED = "HTML that is not displayed"
    TINY = "HTML too small or too pale to see"
    TITLE = "title of a link or image"
    ALT = "long alternative text of an image"
    ZERO_WIDTH = "zero-width characters"
    BIDI = "characters that turn the direction of writing"
    TAGS = "invisible tag characters"
    SELECTORS = "a run of variation selectors"
    TERMINAL = "terminal control sequences"
    OUT_OF_VIEW = "text pushed out of view"


@dataclass(frozen=True, kw_only=True)
class HiddenPassage:
    """One passage; `text` is what it says, or which characters it is made of."""

    trick: Trick
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.trick} on line {self.line}: “{self.text}”"


_CODE = re.compile(r"^ {0,3}(?P<mark>`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}(?P=mark)[`~]*[ \t]*$|\Z)", re.M | re.S)
_INLINE_CODE = re.compile(r"(?P<mark>`+)[^`\n]+(?P=mark)")
_HIDING = (
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0*\.?0\d?(?![.\d])|"
    r"(?:left|top|text-indent)\s*:\s*-\d{3,}|clip(?:-path)?\s*:\s*(?:rect\(\s*0|inset\(\s*(?:50|100)%)"
)
_FAINT = (
    r"font-size\s*:\s*(?:0|[0-3](?:\.\d+)?(?:px|pt)|0?\.[0-3]\d*r?em)(?![\d.])|"
    r"(?<!-)color\s*:\s*(?:white|#fff(?:fff)?|transparent|rgba?\(\s*255\s*,\s*255\s*,\s*255)"
)
_ELEMENT = r"<(?P<tag>[a-z][a-z0-9]*)\b(?P<attributes>[^>]*(?:{})[^>]*)>(?P<text>.*?)(?:</(?P=tag)\s*>|\Z)"
_IN_MARKUP: tuple[tuple[Trick, re.Pattern[str]], ...] = (
    (Trick.COMMENT, re.compile(r"<!--(?P<text>.*?)(?:-->|\Z)", re.S)),
    (
        Trick.LINK_COMMENT,
        re.compile(
            r"^ {0,3}\[[^\]\n]{1,80}\]:\s*(?:#|<>|<#>|about:blank)\s*[\"'(](?P<text>[^\n]+)[\"')]\s*$", re.M
        ),
    ),
    (
        Trick.STYLED,
        re.compile(_ELEMENT.format(rf"{_HIDING}|\shidden\b|aria-hidden\s*=\s*['\"]?true"), re.S | re.I),
    ),
    (
        Trick.STYLED,
        re.compile(r"<(?P<tag>script|style|template|noscript)\b[^>]*>(?P<text>.*?)</(?P=tag)", re.S | re.I),
    ),
    (Trick.TINY, re.compile(_ELEMENT.format(_FAINT), re.S | re.I)),
    (
        Trick.TINY,
        re.compile(
            r"<font\b[^>]*color\s*=\s*['\"]?(?:white|#fff(?:fff)?)\b[^>]*>(?P<text>.*?)</font", re.S | re.I
        ),
    ),
    (Trick.TITLE, re.compile(r"\]\([^()\s]*\s+[\"'](?P<text>[^\"'\n]{12,})[\"']\s*\)")),
    (
        Trick.TITLE,
        re.compile(r"<(?:a|img|abbr|span)\b[^>]*\stitle\s*=\s*([\"'])(?P<text>[^\"'\n]{12,})\1", re.I),
    ),
    (Trick.ALT, re.compile(r"!\[(?P<text>[^\]\n]{60,})\]\(")),
    (Trick.ALT, re.compile(r"<img\b[^>]*\salt\s*=\s*([\"'])(?P<text>[^\"'\n]{60,})\1", re.I)),
)
_TERMINAL = re.compile(r"(?:\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])|[\x08\x7f])+")
_TAG_RUN = re.compile("[\U000e0000-\U000e007f]+")
_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a\U000e0030-\U000e0039]+\U000e007f")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{3,}")
_ZERO_WIDTH = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]+"
)
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]+")
_JOINERS = frozenset("\u200c\u200d")


def hidden_passages(text: str) -> tuple[HiddenPassage, ...]:
    """Every hidden passage in order; what is shown as code hides nothing by its markup."""
    found = sorted((*_markup(text), *_characters(text)), key=lambda each: each[0])
    return tuple(
        HiddenPassage(trick=trick, line=text.count("\n", 0, start) + 1, text=_brief(said))
        for start, trick, said in found
    )


def hidden_in_ticket(ticket: Ticket) -> tuple[str, ...]:
    """What a ticket's approvers must know: each hidden passage with where it is."""
    places = [("summary", ticket.summary), ("description", ticket.description)]
    places += [(f"attachment {each.name!r}", each.content) for each in ticket.attachments]
    return tuple(f"{place}, {passage}" for place, text in places for passage in hidden_passages(text))


def hidden_note(found: Iterable[str]) -> str:
    """One sentence that names the passages; empty when there are none."""
    listed = tuple(found)
    if not listed:
        return ""
    more = f"; and {len(listed) - _NAMED} more" if len(listed) > _NAMED else ""
    return f"the ticket contains {counted(len(listed), 'hidden passage')}: {'; '.join(listed[:_NAMED])}{more}"


def _markup(text: str) -> Iterator[tuple[int, Trick, str]]:
    visible = _INLINE_CODE.sub(_blank, _CODE.sub(_blank, text))
    taken: list[tuple[int, int]] = []
    for trick, pattern in _IN_MARKUP:
        for found in pattern.finditer(visible):
            start, end = found.span()
            if found["text"].strip() and not any(start < e and end > s for s, e in taken):
                taken.append((start, end))
                yield start, trick, found["text"]
    for found in re.finditer(rf"\S?[ \t\u00a0]{{{_FAR_RIGHT},}}(?P<text>\S[^\n]*)", visible):
        yield found.start("text"), Trick.OUT_OF_VIEW, found["text"]
    for found in re.finditer(rf"(?:[ \t]*\n){{{_MANY_BLANK_LINES},}}(?P<text>[^\n]*\S[^\n]*)", visible):
        yield found.start("text"), Trick.OUT_OF_VIEW, found["text"]


def _characters(text: str) -> Iterator[tuple[int, Trick, str]]:
    for found in _TERMINAL.finditer(text):
        yield found.start(), Trick.TERMINAL, found[0].encode("unicode_escape").decode()
    if text.isascii():
        return
    flags = [found.span() for found in _FLAG.finditer(text)]
    for found in _TAG_RUN.finditer(text):
        if not any(start < found.end() and found.start() < end for start, end in flags):
            said = "".join(chr(ord(one) - 0xE0000) for one in found[0])
            yield (
                found.start(),
                Trick.TAGS,
                "".join(one for one in said if one.isprintable()) or _codes(found[0]),
            )
    for found in _SELECTORS.finditer(text):
        yield found.start(), Trick.SELECTORS, f"{len(found[0])} characters"
    for found in _BIDI.finditer(text):
        yield found.start(), Trick.BIDI, _codes(found[0])
    for found in _ZERO_WIDTH.finditer(text):
        if not _joins_writing(text, found.start(), found.end()):
            yield found.start(), Trick.ZERO_WIDTH, _codes(found[0])


def _joins_writing(text: str, start: int, end: int) -> bool:
    """A joiner inside an emoji or a word of a script that needs it, or the mark at a file's start."""
    if start == 0 and text[start:end] == "\ufeff":
        return True
    if end - start > 1 or text[start] not in _JOINERS or start == 0 or end == len(text):
        return False
    before, after = text[start - 1], text[end]
    if unicodedata.category(after) == "So":
        return True
    return all(
        unicodedata.category(each)[0] in "LM" and not unicodedata.name(each, "LATIN").startswith("LATIN")
        for each in (before, after)
    )


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", ".", found[0])


def _codes(text: str) -> str:
    names = dict.fromkeys(f"U+{ord(one):04X}" for one in text)
    return f"{counted(len(text), 'character')}, {', '.join(list(names)[:4])}"


def _brief(text: str) -> str:
    """Readable again; a credential would keep the warning itself from being sent."""
    if scan(text):
        return "[it holds a credential]"
    shown = " ".join("".join(one if unicodedata.category(one)[0] != "C" else " " for one in text).split())
    return shown if len(shown) <= _SHOWS else f"{shown[: _SHOWS - 1]}…"
