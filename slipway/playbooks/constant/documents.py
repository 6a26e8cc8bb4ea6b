"""Documents that state the old value: beside its name, in words that describe it, or word for word."""

from __future__ import annotations

import re

from slipway.playbooks.constant.choice import Chosen
from slipway.playbooks.constant.companions import restated
from slipway.playbooks.constant.fitting import is_told
from slipway.playbooks.constant.places import Place
from slipway.playbooks.crash.layout import Layout

_DOCUMENTS = (".md", ".rst", ".txt")
_SENTENCE = re.compile(r"((?<=[.!?;])\s+)")
_MIN_TEXT = 12


def documents_of(chosen: Chosen, layout: Layout) -> dict[str, str]:
    """The documents that change, with their new text; what happened stays in a changelog as it was."""
    found: dict[str, str] = {}
    for path, text in layout.tree.items():
        lowered = path.lower()
        if not lowered.endswith(_DOCUMENTS) or layout.config.protects(path):
            continue
        if re.search(r"change|history|news|requirements|licen[sc]e", lowered.rpartition("/")[2]):
            continue
        new = _with_text(chosen, text)
        if chosen.places[0].name and chosen.places[0].kind != "text":
            new = "".join(_line(chosen, each) for each in new.splitlines(keepends=True))
        if new != text:
            found[path] = new
    return found


def _with_text(chosen: Chosen, text: str) -> str:
    """A message is quoted as it is; not where it is only a part of another one."""
    old, new = chosen.places[0].value, chosen.value
    if not (isinstance(old, str) and isinstance(new, str) and len(old) >= _MIN_TEXT and " " in old):
        return text
    if any(rival in text for rival in chosen.rivals):
        return text
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, text)


def _line(chosen: Chosen, line: str) -> str:
    place = chosen.places[0]
    old, new = _spelled(place, chosen.literals[0])
    pattern = re.compile(rf"(?<![\w.]){old}(?!\w|\.\d)")
    spelled = re.escape(place.name).replace("_", "[_-]")
    if re.search(rf"(?<![\w-]){spelled}(?![\w-])", line):
        return pattern.sub(lambda _: new, line, count=1)
    if isinstance(place.value, bool | str) or place.value is None:
        return line
    return "".join(_sentence(chosen, each, pattern, new) for each in _SENTENCE.split(line))


def _sentence(chosen: Chosen, said: str, pattern: re.Pattern[str], new: str) -> str:
    if len(pattern.findall(said)) == 1 and is_told(chosen.claim, chosen.places[0], said):
        return pattern.sub(lambda _: new, said)
    return _with_unit(chosen, said)


def _with_unit(chosen: Chosen, line: str) -> str:
    """`10 minutes` in a document, when the ticket says the same of what is 600 in the code."""
    old, new = chosen.claim.old, chosen.claim.new
    if old is None or not old.unit or not is_told(chosen.claim, chosen.places[0], line):
        return line
    return restated(line, old, new)


def _spelled(place: Place, literal: str) -> tuple[str, str]:
    old, new = place.source.strip("\"'"), literal.strip("\"'")
    if isinstance(place.value, float) and place.value % 1 == 0 and old == f"{place.value:.1f}":
        # `5.0` in code is 5 in most documents.
        return rf"{place.value:g}(?:\.0)?", new.removesuffix(".0")
    return re.escape(old), new
