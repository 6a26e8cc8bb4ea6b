"""Which lines of a comment its writer says: not what is quoted, shown as code, or hidden."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SHOWN_AS_IT_IS = re.compile(
    r"<(pre|code|blockquote|samp|kbd)\b[^>]*>.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})(?P<after>.*)$")
_QUOTE = re.compile(r"\s*(?:>|&gt;)")
_INDENTED = re.compile(r"(?: {4}|\t| {1,3}\t)")
# Below these lines a mail program repeats the message that was answered.
_REPEATED = re.compile(
    r"\s*(?:On\b.{1,200}\bwrote:|-{2,}\s*Original Message\s*-{2,}|-{2,}.*reply above this line.*|_{10,})\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line; `code` is data that may belong to what was said before it."""

    kind: Literal["said", "code"]
    text: str


def own_words(body: str) -> Iterator[Line]:
    """The writer's own lines in order; quoted and hidden ones are left out."""
    visible = _SHOWN_AS_IT_IS.sub("`…`", _HIDDEN.sub("", body.replace("\r\n", "\n")))
    fence = ""
    for text in visible.split("\n"):
        mark = _FENCE.match(text)
        if fence:
            yield Line(kind="code", text=text)
            if mark and mark["mark"].startswith(fence) and not mark["after"].strip():
                fence = ""
        elif mark and not ("`" in mark["mark"] and "`" in mark["after"]):
            fence = mark["mark"]
            yield Line(kind="code", text=text)
        elif _REPEATED.match(text):
            return
        elif _QUOTE.match(text):
            continue
        else:
            yield Line(kind="code" if _INDENTED.match(text) else "said", text=text)


def without_invisible(text: str) -> str:
    """The text without characters that show nothing or turn the direction of writing."""
    if text.isascii():
        return text
    return "".join(one for one in text if unicodedata.category(one) != "Cf")
