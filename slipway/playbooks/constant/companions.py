"""What stands right beside a value and repeats it: the help text of an option, the comment on its line."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from slipway.playbooks.constant.claim import Quantity
from slipway.playbooks.constant.places import Place

Edit = tuple[int, int, str]
_HELP = {"help", "description", "help_text", "doc"}


def companions(
    text: str, place: Place, literal: str, *, old: Quantity | None, new: Quantity
) -> Iterator[Edit]:
    """Replacements in the same file; none where it is not plain that the value is meant."""
    if not place.path.endswith(".py") or isinstance(place.value, bool) or place.kind == "text":
        return
    yield from _help(text, place, literal)
    if old is not None and old.unit:
        yield from _comment(text, place, old, new)


def _help(text: str, place: Place, literal: str) -> Iterator[Edit]:
    """`help="threads (default: 4)"` in the call that holds the value."""
    bare = re.escape(place.source.strip("\"'"))
    said = re.compile(
        rf"(\bdefault(?:s|ing)?(?:\s+(?:is|of|to|value))*\s*[:=]?\s*[\"'`]?){bare}(?!\w|\.\d)", re.I
    )
    starts = _line_starts(text)

    def offset(line: int, column: int) -> int:
        rest = text[starts[line - 1] :].encode()[:column]
        return starts[line - 1] + len(rest.decode(errors="replace"))

    calls = [each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.Call)]
    around = [
        each
        for each in calls
        if offset(each.lineno, each.col_offset) <= place.start
        and place.end <= offset(each.end_lineno or each.lineno, each.end_col_offset or 0)
        and any(keyword.arg in _HELP for keyword in each.keywords)
    ]
    if not around:
        return
    call = max(around, key=lambda each: offset(each.lineno, each.col_offset))
    for keyword in call.keywords:
        value = keyword.value
        if keyword.arg in _HELP and isinstance(value, ast.Constant) and isinstance(value.value, str):
            start = offset(value.lineno, value.col_offset)
            end = offset(value.end_lineno or value.lineno, value.end_col_offset or 0)
            changed = said.sub(lambda match: match[1] + literal.strip("\"'"), text[start:end])
            if changed != text[start:end]:
                yield start, end, changed


def _comment(text: str, place: Place, old: Quantity, new: Quantity) -> Iterator[Edit]:
    """`ttl = 1800  # 30 minutes`, when the ticket says the same in the same unit."""
    end = text.find("\n", place.end)
    rest = text[place.end : end if end >= 0 else len(text)]
    at = rest.find("#")
    if at < 0 or re.search(r"[\"']", rest[:at]):
        return
    comment = rest[at:]
    said = re.search(rf"(?<![\w.]){re.escape(old.text)}(\s?){re.escape(old.unit)}(s?)(?!\w)", comment, re.I)
    if said is None:
        return
    unit = new.unit or old.unit
    plural = "s" if len(unit) > 2 and new.number != 1 else ""
    start = place.end + at + said.start()
    yield start, start + len(said[0]), f"{new.text}{said[1]}{unit}{plural}"


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts
