"""Reads which value a ticket wants changed: what it is called, what it was, what it should be."""

# ruff: noqa: E501  (a pattern is read from left to right)

from __future__ import annotations

import re
from dataclasses import dataclass

from slipway.domain.ticket import Ticket
from slipway.playbooks.ticket_prose import flowing, has_traceback

_UNIT = (
    r"milliseconds?|millis|ms|seconds?|secs?|s|minutes?|mins?|hours?|hrs?|h|days?|weeks?|"
    r"bytes?|kb|kib|mb|mib|gb|gib|percent|%"
)
_VALUE = (
    r"(?:\"[^\"\n]+\"|“[^”]+”|`[^`\n]+`|(?<!\w)'[^'\n]+'(?!\w)"
    rf"|[-+]?(?:\d[\d_]*(?:,\d{{3}})*(?:\.\d+)?|\.\d+)(?:\s?(?:{_UNIT})(?!\w))?(?!\w|\.\d)"
    r"|(?<!\w)(?:true|false|none|enabled|disabled)(?!\w))"
)
_LINK = r"(?:\s*(?:is|be|of|was|the|a|an|value|message|text|wording|string|limit|number|,|:|=)\s*)*"
_RAISE = (
    r"increase|raise|bump|lift|extend|double|lower|decrease|reduce|shorten|cut|drop|change|set|update|adjust|switch|"
    r"move|tighten|relax|widen|replace|reword|rephrase|correct|fix|make|turn|allow|use|limit|cap"
)
_SHOULD = (
    r"(?:should|must|shall|has to|have to|needs? to|ought to)(?: now)?(?: only)? "
    r"(?:be|read|say|equal|default to|allow|last|become|show|print|have|use|return to|go up to|go down to|wait|take|stay at)"
)
_LIMITS = (
    r"(?:at most|at least|up to|exactly|set to|changed to|raised to|lowered to|increased to|reduced to|only)?"
)

_PATTERNS = (
    # `name` from OLD to NEW; OLD → NEW
    re.compile(
        rf"(?P<about>.{{0,160}}?)\bfrom{_LINK}\s+(?P<old>{_VALUE})\s+\w{{0,12}}\s?\w{{0,12}}\s?(?:down |up )?(?:to|into){_LINK}\s+(?P<new>{_VALUE})",
        re.I,
    ),
    re.compile(rf"(?P<about>.{{0,160}}?)(?P<old>{_VALUE})\s*(?:→|->|=>|-->|⟶)\s*(?P<new>{_VALUE})", re.I),
    re.compile(
        rf"\b(?P<about>(?:{_RAISE})\b[^.!?“\"]{{0,120}}?)[\s:](?P<old>{_VALUE})\s*,?\s+(?:to|with|by|into)(?:\s+(?:say|read|be))?\s*:?\s+(?P<new>{_VALUE})",
        re.I,
    ),
    re.compile(
        rf"(?P<about>.{{0,160}}?)(?P<new>{_VALUE})\s*,?\s+(?:instead of|rather than|and not|, not|in place of)(?: the)?(?: current(?:ly)?| old| present)?\s+(?P<old>{_VALUE})",
        re.I,
    ),
    re.compile(
        rf"(?P<about>.{{0,160}}?)\b(?:is|are|was|currently|says?|reads?)(?: currently| set to| now)?\s*:?\s+(?P<old>{_VALUE})[^“\"`]{{0,60}}?\b(?:{_SHOULD}|change (?:it|this|that) to|make it|raise it to|set it to|increase it to|lower it to|reduce it to)\s*{_LIMITS}\s*:?\s*(?P<new>{_VALUE})",
        re.I,
    ),
    re.compile(rf"(?P<about>.{{0,160}}?)\b{_SHOULD}\s*{_LIMITS}\s*:?\s*(?P<new>{_VALUE})", re.I),
    re.compile(
        rf"\b(?P<about>(?:{_RAISE})\b[^.!?“\"]{{0,120}}?)\s+(?:to|at|=){_LINK}\s+(?P<new>{_VALUE})", re.I
    ),
    re.compile(rf"(?P<about>\b[A-Za-z_][\w.]*`?)\s*=\s*(?P<new>{_VALUE})", re.I),
    re.compile(
        rf"\b(?P<about>(?:allow|permit|accept|support)\b\s+(?:up to |at most )?)(?P<new>{_VALUE})(?P<after>[^.!?]{{3,60}})",
        re.I,
    ),
)
_ALSO_OLD = re.compile(
    rf"\b(?:currently|today|now|at the moment|at present|still|instead of|not|was|previously|old value)(?: is| set to| at| only)*\s*:?\s*(?P<old>{_VALUE})",
    re.I,
)
_NAME = re.compile(
    r"`(?P<quoted>[A-Za-z_][\w.\-\[\]\"']*)(?:\(\))?`|\b(?P<upper>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z]{4,})\b|\b(?P<snake>[a-z]\w*(?:_\w+)+(?:\.\w+)*)\b"
    r"|\b(?P<dotted>[A-Za-z_]\w*(?:\.[A-Za-z_]\w+)+)\b|\b(?P<camel>[a-z]+(?:[A-Z][a-z0-9]+)+)\b"
)
_ASKS = re.compile(
    rf"\b(?:{_RAISE}|should|must|instead of|wrong|typo|too (?:low|high|short|long|small|big|strict)|new (?:limit|default|value|text|wording))\b",
    re.I,
)
_NEW_THING = re.compile(
    r"\b(?:add (?:an? )?(?:new |optional )?(?:option|parameter|flag|setting|argument|endpoint|button|command|feature)|"
    r"implement|introduce an?|configurable)\b",
    re.I,
)
_RENAME = re.compile(r"\b(?:renam\w+|new name|should be (?:called|named))\b", re.I)
_KEEPS = re.compile(
    r"\b(?:(?:stays?|keeps?|leave|remains?)(?!\s+\w+ing\b)|unchanged|untouched|(?:fine|good|ok(?:ay)?|right) as|"
    r"as (?:it|they) (?:is|are)|(?:do not|don['’]t|not to) (?:touch|change))\b",
    re.I,
)
_WORD = re.compile(r"[A-Za-z]+")
_IDENTIFIER = re.compile(r"[A-Za-z_][\w.]*(?:\(\))?$")


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A value as the ticket writes it; `unit` is lower case and singular where it is one."""

    text: str
    is_quoted: bool
    unit: str = ""

    @property
    def number(self) -> float | None:
        """As a number; None for words and quotations that are not one."""
        try:
            return float(self.text.replace("_", "").replace(",", ""))
        except ValueError:
            return None


@dataclass(frozen=True, kw_only=True)
class ConstantClaim:
    """`names` are what it may be called, best first; `words` describe it."""

    new: Quantity
    old: Quantity | None
    names: tuple[str, ...]
    words: tuple[str, ...]
    about: str
    text: str
    near: tuple[str, ...] = ()
    """Those of the names that the sentence with the new value gives."""
    kept: tuple[str, ...] = ()
    """Names that the ticket says to leave alone."""


def read(ticket: Ticket) -> ConstantClaim | None:
    """The claim, when the ticket says what a value should be; None when it is about a crash or a new feature."""
    if has_traceback(ticket):
        return None
    text = flowing(ticket)
    if (
        not _ASKS.search(text)
        or _RENAME.search(text)
        or (_NEW_THING.search(ticket.summary) and "default" not in text.lower())
    ):
        return None
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            claim = _claim(match, text, ticket)
            if claim is not None:
                return claim
    return None


def _claim(match: re.Match[str], text: str, ticket: Ticket) -> ConstantClaim | None:
    groups = match.groupdict()
    new = quantity(groups["new"])
    old = quantity(groups["old"]) if groups.get("old") else None
    about = _last_sentence(groups["about"])
    named: list[str] = []
    if old is not None and _is_name(groups["old"]) and new.number is not None:
        # "change `LIMIT` to 5": what stands in the old value's place is the name.
        named, old = [old.text.removesuffix("()")], None
    if old is None and _is_name(groups["new"]) and "." in groups["new"]:
        return None
    if old is None:
        others = [quantity(each["old"]) for each in _ALSO_OLD.finditer(text)]
        old = next((each for each in others if _alike(each, new) and each.text != new.text), None)
    if old is not None and (old.text == new.text or not _alike(old, new)):
        return None
    near = [_spelled(each) for each in _NAME.finditer(about)]
    everywhere = [_spelled(each) for each in _NAME.finditer(text)]
    values = {new.text, old.text if old else ""}
    names = tuple(dict.fromkeys(name for name in (*named, *near, *everywhere) if name not in values))
    kept = tuple(dict.fromkeys(name for name in _kept(text) if name not in near and name not in named))
    described = f"{about} {groups.get('after') or ''}"
    if not names and old is None and len(_WORD.findall(described)) < 2:
        described = f"{described} {ticket.summary}"
    return ConstantClaim(
        new=new,
        old=old,
        names=names,
        words=tuple(dict.fromkeys(word.lower() for word in _WORD.findall(f"{described} {ticket.summary}"))),
        about=" ".join(described.split()),
        text=text,
        near=tuple(near),
        kept=kept if set(names) - set(kept) else (),
    )


def _kept(text: str) -> list[str]:
    """Names in sentences that say what stays as it is."""
    said = (each for each in re.split(r"(?<=[.!?;])\s+", text) if _KEEPS.search(each))
    return [_spelled(match) for each in said for match in _NAME.finditer(each)]


def quantity(raw: str) -> Quantity:
    """A value as written in a ticket, without its quotes, its unit apart."""
    raw = raw.strip()
    for opening, closing in (('"', '"'), ("“", "”"), ("`", "`"), ("'", "'")):
        if raw.startswith(opening) and raw.endswith(closing) and len(raw) > 1:
            inner = raw[1:-1].strip() if opening != "`" else raw[1:-1].strip().strip("\"'")
            if opening != "`" or quantity_of_number(inner) is None:
                return Quantity(text=inner, is_quoted=True)
            raw = inner
    return quantity_of_number(raw) or Quantity(text=_word(raw), is_quoted=False)


def quantity_of_number(raw: str) -> Quantity | None:
    """A number with its unit; None for anything else."""
    match = re.fullmatch(rf"([-+]?(?:\d[\d_]*(?:,\d{{3}})*(?:\.\d+)?|\.\d+))\s?({_UNIT})?", raw, re.I)
    if match is None:
        return None
    unit = (match[2] or "").lower()
    unit = unit if unit in {"ms", "s", "%"} or len(unit) < 3 else unit.rstrip("s")
    return Quantity(text=match[1].replace(",", ""), is_quoted=False, unit=unit)


def _word(raw: str) -> str:
    return {"enabled": "True", "disabled": "False"}.get(raw.lower(), raw.capitalize())


def _is_name(raw: str) -> bool:
    return (
        raw.startswith("`") and _IDENTIFIER.match(raw.strip("`")) is not None and not raw.strip("`").isdigit()
    )


def _alike(one: Quantity, other: Quantity) -> bool:
    return (one.number is None) == (other.number is None)


def _last_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s+(?=[A-Z`])", text)[-1]


def _spelled(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group).removesuffix("()")
