"""Text and code as comparable words: identifiers are split, endings are cut, filler is left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|\d{2,}")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_FILLER = frozenset(
    re.findall(
        r"\w+",
        """a about above after again all also an and any are as at be because been before being below
        between both but by can could did do does doing down during each few for from further get gets
        had has have having he her here him his how i if in into is it its just like make makes me more
        most my new no nor not now of off on once only or other our out over own please same self she
        should so some such than that the their them then there these they this those through to too
        under until up use used uses using very was we were what when where which while who whom why
        will with would you your def return import none true false class""",
    )
)


def words(text: str) -> Iterator[str]:
    """Whole identifiers and their parts, lower case, without common endings."""
    for found in _IDENTIFIER.finditer(text):
        whole = found[0]
        parts = [part.lower() for part in _PARTS.findall(whole)]
        if len(parts) > 1:
            yield whole.lower().strip("_")
        for part in parts:
            if len(part) > 1 and part not in _FILLER:
                yield stem(part)


def stem(word: str) -> str:
    """Cut the endings that separate `rename`, `renames`, `renamed` and `renaming`."""
    if len(word) <= 3 or not word.isalpha():
        return word
    for ending in ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "ed", "er", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + ("y" if ending in {"ies", "ied"} else "")
    return word


def counted(text: str) -> Counter[str]:
    """How often each word occurs."""
    return Counter(words(text))
