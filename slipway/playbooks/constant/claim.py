"""Reads which value a ticket wants changed: what it is called, what it was, what it should be."""

# ruff: noqa: E501  (a pattern is read from left to right)

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from slipway.domain.ticket import Ticket
from slipway.playbooks.constant.quantities import (
    NUMBER,
    QUOTATION,
    Quantity,
    alike,
    in_digits,
    is_name,
    quantity,
)
from slipway.playbooks.constant.roles import Reading, reading
from slipway.playbooks.constant.switches import switched
from slipway.playbooks.ticket_prose import has_traceback, prose

_VALUE = rf"(?:{QUOTATION}|{NUMBER}|(?<!\w)(?:true|false|none|enabled|disabled)(?!\w))"
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
)
# What a sentence about something else may look like, too.
_LAST_PATTERNS = (
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
    r"(?<![\w-])--(?P<option>[a-z][\w-]+)|(?<![\w\"'`])\[(?P<section>[A-Za-z][\w.-]*)\](?!\()|`(?P<quoted>[A-Za-z_][\w.\-\[\]\"']*)(?:\(\))?`|\b(?P<upper>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z]{4,})\b|\b(?P<snake>[a-z]\w*(?:_\w+)+(?:\.\w+)*)\b"
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
_EVERYWHERE = re.compile(
    r"\b(?:both (?:places|should|must|of them)|everywhere|wherever|all (?:the )?(?:places|occurrences)|in all|as well as|(?:the )?same (?:number|value|limit))\b",
    re.I,
)
_WORD = re.compile(r"[A-Za-z]+")


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
    stays: frozenset[str] = frozenset()
    """Words that the ticket has only where it says what stays."""
    kept_texts: tuple[str, ...] = ()
    elsewhere: frozenset[str] = frozenset()
    """Words of the rest of the ticket, without what stays."""

    @property
    def is_everywhere(self) -> bool:
        """Whether the ticket says that the value stands in several places."""
        return _EVERYWHERE.search(self.text) is not None


def read(ticket: Ticket) -> ConstantClaim | None:
    """The claim, when the ticket says what a value should be; None when it is about a crash or a new feature."""
    if has_traceback(ticket):
        return None
    lines = in_digits(prose(ticket, separator="\n\n"))
    text = " ".join(lines.split())
    if _RENAME.search(text) or (_NEW_THING.search(ticket.summary) and "default" not in text.lower()):
        return None
    roles = reading(lines)
    asks = _ASKS.search(text) is not None
    found = _first(_PATTERNS, text, ticket, roles) if asks else None
    return (
        found
        or _by_roles(roles, text, ticket)
        or (_first(_LAST_PATTERNS, text, ticket, roles) if asks else None)
    )


def _first(
    patterns: Iterable[re.Pattern[str]], text: str, ticket: Ticket, roles: Reading
) -> ConstantClaim | None:
    for pattern in patterns:
        for match in pattern.finditer(text):
            claim = _claim(match, text, ticket, roles)
            if claim is not None:
                return claim
    return None


def _by_roles(roles: Reading, text: str, ticket: Ticket) -> ConstantClaim | None:
    switch = switched(text)
    if switch is not None:
        new = Quantity(text=str(switch.value), is_quoted=False)
        return _made(new, None, switch.about, text, ticket, roles)
    if roles.new is None:
        return None
    return _made(roles.new, roles.old, roles.about, text, ticket, roles)


def _claim(match: re.Match[str], text: str, ticket: Ticket, roles: Reading) -> ConstantClaim | None:
    groups = match.groupdict()
    new = quantity(groups["new"])
    old = quantity(groups["old"]) if groups.get("old") else None
    about = _last_sentence(groups["about"])
    named: list[str] = []
    if old is not None and is_name(groups["old"]) and new.number is not None:
        # "change `LIMIT` to 5": what stands in the old value's place is the name.
        named, old = [old.text.removesuffix("()")], None
    if old is None and is_name(groups["new"]) and "." in groups["new"]:
        return None
    if old is None:
        others = [quantity(each["old"]) for each in _ALSO_OLD.finditer(text)]
        old = next((each for each in others if alike(each, new) and each.text != new.text), None)
    if old is not None and (old.text == new.text or not alike(old, new)):
        return None
    described = f"{about} {groups.get('after') or ''}"
    if old is None and not named and roles.new is not None and roles.new.text == new.text:
        old = roles.old
        described = max(described, roles.about, key=len)
    return _made(new, old, described, text, ticket, roles, named=named)


def _made(
    new: Quantity,
    old: Quantity | None,
    about: str,
    text: str,
    ticket: Ticket,
    roles: Reading,
    *,
    named: Sequence[str] = (),
) -> ConstantClaim:
    near = [_spelled(each) for each in _NAME.finditer(about)]
    everywhere = [_spelled(each) for each in _NAME.finditer(text)]
    values = {new.text, old.text if old else ""}
    names = tuple(dict.fromkeys(name for name in (*named, *near, *everywhere) if name not in values))
    kept = tuple(dict.fromkeys(name for name in _kept(text) if name not in near and name not in named))
    described = about
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
        stays=roles.kept - roles.wanted,
        kept_texts=tuple(each for each in roles.kept_texts if each not in values),
        elsewhere=roles.wanted - roles.kept,
    )


def _kept(text: str) -> list[str]:
    """Names in sentences that say what stays as it is."""
    said = (each for each in re.split(r"(?<=[.!?;])\s+", text) if _KEEPS.search(each))
    return [_spelled(match) for each in said for match in _NAME.finditer(each)]


def _last_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s+(?=[A-Z`])", text)[-1]


def _spelled(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group).removesuffix("()")
