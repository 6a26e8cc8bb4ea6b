"""Whether a ticket wants the old name to go on working."""

# ruff: noqa: E501  (a pattern is read from left to right)

from __future__ import annotations

import re
from collections.abc import Iterable

_THING = r"(?:alias\w*|shim\w*|deprecat\w*|backwards?[- ]compatib\w*|compatib\w+|(?:old|former|previous) (?:names?|spellings?))"
_WISH = re.compile(
    r"\b(?:deprecat\w+|backwards?[- ]compatib\w+|(?:keep|leave|retain|add|provide|have)\b[^.]{0,60}\b(?:alias|shim|old names?))",
    re.I,
)
_WORKS = re.compile(
    r"\b(?:keeps?|continues?|go(?:es)?\s+on|still|must|stays?)\b[^.]{0,20}\b(?:work\w*|usable|available|valid)\b",
    re.I,
)
_BREAKING = r"\b(?:break|remov|drop|los)\w*"
_NEGATION = (
    r"(?:\b(?:no|without|nor|neither|skip|omit|forget)\b|"
    r"(?:\b(?:not|never)|n['’]t)\s+(?:\w+\s+){0,3}?(?:need|want|keep|leave|add|introduce|require|have|bother|support|provide|necessary)\b)"
)
_NO_WISH = re.compile(rf"{_NEGATION}(?:(?!{_BREAKING})[^.]){{0,40}}?{_THING}", re.I)
_NEEDLESS = re.compile(
    rf"{_THING}[^.;]{{0,40}}?\b(?:(?:is|are|be)(?:\s+not|n['’]t)\s+(?:\w+\s+)?(?:need|requir|necess|want|ask)\w*|"
    r"not\s+(?:need|requir|necess|want)\w*|unnecessary|unneeded|superfluous|overkill|(?:can|may|should)\s+(?:just\s+)?(?:go|die|vanish|disappear)\b)",
    re.I,
)  # fmt: skip
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")


def wants_alias(text: str, names: Iterable[tuple[str, str]]) -> bool:
    """A wish in one sentence counts unless some sentence says that none is needed."""
    olds = "|".join(re.escape(old) for old, _ in names)
    holder = re.compile(
        rf"\b(?:{olds})\b|\b(?:old|former|previous|both)\b|\b(?:it|they)\b|\b(?:existing|external|other) \w+",
        re.I,
    )
    sentences = [each for each in _SENTENCE.split(text) if each.strip()]
    if any(_NO_WISH.search(each) or _NEEDLESS.search(each) for each in sentences):
        return False
    return any(_WISH.search(each) or _is_kept(each, holder) for each in sentences)


def _is_kept(sentence: str, holder: re.Pattern[str]) -> bool:
    """The old name works on; that positional calls do says nothing of it."""
    works = _WORKS.search(sentence)
    return works is not None and any(
        holder.search(clause) for clause in re.split(r"[,;]", sentence) if _WORKS.search(clause)
    )
