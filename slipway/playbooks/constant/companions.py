"""What stands right beside a value and repeats it: the help text of an option, the comment on its line."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from slipway.playbooks.constant.places import Place
from slipway.playbooks.constant.quantities import Quantity

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
        yield from _messages(text, place, old, new)


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
    changed = restated(comment, old, new)
    if changed != comment:
        yield place.end + at, place.end + at + len(comment), changed


def _messages(text: str, place: Place, old: Quantity, new: Quantity) -> Iterator[Edit]:
    """`raise TooBig("at most 8 MB")` in a function that reads the value."""
    starts = _line_starts(text)
    for function in ast.walk(ast.parse(text)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        inner = list(ast.walk(function))
        if not any(
            isinstance(each, ast.Name | ast.Attribute) and ast.unparse(each).endswith(place.name)
            for each in inner
        ):
            continue
        for node in inner:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                rest = text[starts[node.lineno - 1] :].encode()[: node.col_offset]
                start = starts[node.lineno - 1] + len(rest.decode(errors="replace"))
                last = text[starts[(node.end_lineno or node.lineno) - 1] :].encode()[: node.end_col_offset]
                end = starts[(node.end_lineno or node.lineno) - 1] + len(last.decode(errors="replace"))
                changed = restated(text[start:end], old, new)
                if changed != text[start:end]:
                    yield start, end, changed


def restated(text: str, old: Quantity, new: Quantity) -> str:
    """A text that says `8 MB` once, with the new quantity; unchanged when it does not."""
    pattern = re.compile(
        rf"(?<![\w.]){re.escape(old.text)}(?P<gap>[ -]?)(?P<unit>{re.escape(old.unit)})(?P<s>s?)(?!\w)", re.I
    )
    if not old.unit or len(pattern.findall(text)) != 1:
        return text
    unit = new.unit or old.unit
    plural = "s" if len(unit) > 2 and new.number != 1 else ""

    def stated(match: re.Match[str]) -> str:
        # `8 MB` keeps its own capitals; `10-minute` has no plural.
        said = match["unit"] if unit == old.unit else unit
        return f"{new.text}{match['gap']}{said}{plural if match['gap'] != '-' else match['s']}"

    return pattern.sub(stated, text)


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts
