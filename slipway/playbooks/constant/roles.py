"""Tells by the words around each value which one a ticket wants, which one it had, and what stays."""

# ruff: noqa: E501  (a pattern is read from left to right)

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from slipway.playbooks.constant.quantities import NUMBER, QUOTATION, Quantity, alike, is_name, quantity
from slipway.playbooks.localise.words import words

_MASK = re.compile("\ue000(\\d+)\ue001")
_VALUE = re.compile(f"\ue000\\d+\ue001|(?<![\\w.:/#-]){NUMBER}(?!:\\d|-\\w)", re.I)
_QUOTED = re.compile(QUOTATION)
_LINES = re.compile(r"(?<!:)\n\s*(?:\n|(?=[-*•#>|]\s|h\d\.|\d+[.)]\s))")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|(?<=[.!?][)”\"])\s+")
_PART = re.compile(r",\s+|;\s*|:\s+|\s[-–—]+\s|\(|\)|\bbut\b|\bwhile\b|\bwhereas\b")
_KEEPS = re.compile(
    r"\b(?:(?:stays?|keeps?|leave|remains?)\b(?!\s+\w+ing\b|.*\bfor\s+\d)|(?:un|not )(?:changed|touched|affected)|"
    r"(?:do|does|did|should|must|shall|will|may)(?: not|n['’]t) (?:be )?(?:change|touch)|not to (?:touch|change)|"
    r"(?:is|are|was|were|looks?)(?: already| all)? (?:fine|good|ok(?:ay)?|right|correct)|(?:fine|good|ok(?:ay)?|right) as|"
    r"as (?:it|they) (?:is|are)|as before|(?:a )?different (?:matter|thing|story))\b|^\s*not (?:the|for|in)\b",
    re.I,
)
_STATES = re.compile(r"\b(?:instead of|rather than|from\b.*\bto)\b", re.I)
_POINTING = frozenset(words("that this it one those these them they both there also stay keep leave remain fine good ok okay right is are as change unchanged still please"))  # fmt: skip
_END = r"[\s:=(]*(?:(?:only|still|just|set|at|to|the|a|an|every|after|of|with|for|max|about)\s+)*$"
_OLD_BEFORE = (
    (3, re.compile(rf"\b(?:instead of|rather than|no longer|not|was|were|used to be|up from|down from|in place of){_END}", re.I)),
    (3, re.compile(r"\b(?:current|currently|presently|today|right now|at the moment|at present|now|so far|still|until now|previously|formerly|old)(?:[\s:=(]+[\w'’]+){0,4}[\s:=(]*$", re.I)),
    (2, re.compile(r"\bfrom\s+$", re.I)),
    (1, re.compile(rf"\b(?:is|are|says?|said|starts? with|reads?|shows?|prints?|than|above|over|defaults? to|after){_END}", re.I)),
)  # fmt: skip
_OLD_AFTER = re.compile(
    r"^\s*(?:\w+\s+){0,2}(?:at the moment|currently|today|right now|at present|so far|until now|(?:is|are) (?:not (?:enough|sufficient)|too|far too|way too|not enough|wrong|outdated|refused|rejected|rude))\b",
    re.I,
)
_NEW_BEFORE = (
    (4, re.compile(rf"\b(?:should|must|shall|has to|have to|needs? to|ought to)(?: now| only| rather| instead)?(?:\s+\w+){{1,3}}{_END}", re.I)),
    (4, re.compile(rf"\b(?:make (?:it|that|this|them)|change (?:it|that|this) to|set (?:it|that|this)(?: to)?|(?:go|goes|went) up to|from now on|in future|better|give(?: it| them)?|decided (?:on|for)|agreed on|up to|allow|increase\w* to|raise\w* to|lower\w* to|bump\w*(?: \w+){{0,3}} to|reword(?: it)?(?: to| as)?|use|write|wanted|want|wish(?:ed)?|like|new (?:value|text|limit|default|wording|price)){_END}", re.I)),
    (2, re.compile(r"\b(?:to|into|by)[\s:]+(?:the\s+)?$", re.I)),
    (1, re.compile(r"\b(?:every|for|at most|at least|of|becomes?)\s+$", re.I)),
)  # fmt: skip
_NEW_AFTER = re.compile(
    r"^[^\d\ue000.!?]{0,40}?(?:instead\b|rather than\b|\s?, (?:and )?not\b|\((?:was|now|currently|today|instead|before|it is|it's|up from|down from|at the moment)|would (?:be|do)\b|(?:is|will be) (?:enough|plenty|better|nicer)|from now on|please\b)",
    re.I,
)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a ticket says about values; `kept` are its words about what stays."""

    new: Quantity | None
    old: Quantity | None
    about: str
    kept: frozenset[str]
    kept_texts: tuple[str, ...]
    wanted: frozenset[str]


def reading(text: str) -> Reading:
    """A ticket's text with its lines; without a new value when its words leave a doubt which one that is."""
    quotations: list[str] = []

    def masked(match: re.Match[str]) -> str:
        quotations.append(match[0])
        return f"\ue000{len(quotations) - 1}\ue001"

    def plain(said: str) -> str:
        return _MASK.sub(lambda match: quotations[int(match[1])], said)

    sentences = [" ".join(each.split()) for each in _sentences(_QUOTED.sub(masked, text))]
    kept = [part for each in sentences for part in _kept(each)]
    new: dict[Quantity, float] = {}
    old: dict[Quantity, float] = {}
    about: dict[Quantity, str] = {}
    others: set[Quantity] = set()
    wanted = ""
    for sentence in sentences:
        rest = sentence
        for part in _kept(sentence):
            rest = rest.replace(part, " " * len(part))
        wanted += f" {plain(rest)}"
        for match in _VALUE.finditer(rest):
            raw = plain(match[0])
            if is_name(raw):
                continue
            value, before, after = quantity(raw), rest[: match.start()], rest[match.end() :]
            is_old = _score(_OLD_BEFORE, before) + 3 * bool(_OLD_AFTER.search(after))
            is_new = _score(_NEW_BEFORE, before) + 4 * bool(_NEW_AFTER.search(after))
            others.add(value)
            about.setdefault(value, plain(rest))
            if is_new > is_old and is_new >= new.get(value, 0):
                new[value], about[value] = is_new, plain(rest)
            elif is_old > is_new:
                old[value] = max(is_old, old.get(value, 0))
    best = _best({value: score for value, score in new.items() if score >= 2 and score > old.get(value, 0)})
    if (
        best is None
        and len(others) == 2
        and len(was := [value for value in others if old.get(value, 0) >= 3]) == 1
    ):
        # Of two values one is said to be the old one.
        best = next(iter(others - set(was)))
        best = best if alike(best, was[0]) else None
    before_it = {
        value: score for value, score in old.items() if best and alike(value, best) and value != best
    }
    return Reading(
        new=best,
        old=_best(before_it),
        about=about.get(best, "") if best else "",
        kept=frozenset(words(plain(" ".join(kept)))) - _POINTING,
        kept_texts=tuple(
            quantity(quotations[int(match[1])]).text for part in kept for match in _MASK.finditer(part)
        ),
        wanted=frozenset(words(wanted)),
    )


def _sentences(text: str) -> Iterator[str]:
    for paragraph in _LINES.split(text):
        yield from _SENTENCE.split(paragraph)


def _kept(sentence: str) -> Iterator[str]:
    """Parts that say what stays; one that only points (“that one is fine”) takes what comes before it."""
    cuts = [0, *(match.end() for match in _PART.finditer(sentence)), len(sentence)]
    parts = [sentence[start:end] for start, end in pairwise(cuts)]
    for position, part in enumerate(parts):
        if not _KEEPS.search(part) or _STATES.search(part):
            continue
        for earlier in reversed(parts[:position]):
            if set(words(_MASK.sub("name", part))) - _POINTING:
                break
            yield earlier
            part = _VALUE.sub("", earlier)
        part = parts[position]
        yield part


def _score(markers: tuple[tuple[int, re.Pattern[str]], ...], before: str) -> int:
    return max((weight for weight, pattern in markers if pattern.search(before)), default=0)


def _best(scores: dict[Quantity, float]) -> Quantity | None:
    top = [value for value, score in scores.items() if score == max(scores.values())]
    return top[0] if len(top) == 1 else None
