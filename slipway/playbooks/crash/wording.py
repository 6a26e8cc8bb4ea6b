"""Reads what a ticket wants instead of a crash from its sentences."""

# ruff: noqa: E501  (a pattern is read from left to right)

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from slipway.playbooks.crash.claim import Expectation, Wish
from slipway.playbooks.crash.statements import (
    Role,
    asks_nothing_else,
    compares_only,
    is_undecided,
    statements,
    words,
)
from slipway.playbooks.crash.values import EMPTY, VALUE, source_of
from slipway.playbooks.crash.wording_errors import errors, is_denied, says_more_than_exit
from slipway.playbooks.crash.wording_references import references

_TREAT = words(
    "(?:treat|count|handle|interpret|consider|regard|take|read|assume|parse|see)(?:ed|n|s|d|ing)?(?: [^,;]{0,60}?)?"
    " (?:as|like|to be)|considered|default(?:s|ed|ing)?(?: value)?(?: of| is| to| should be)?|"
    "f[ae]ll(?:s|ing)? ?back(?: to| on| is)?|assum(?:e|ed|es|ing)|use|using|substitute|replaced? (?:by|with)"
)
_RETURN = words(
    "return(?:s|ed|ing)?(?: value)?|give(?:s)?(?: me| us)?(?: back)?|yield(?:s|ing)?|evaluates? to|results? in|"
    "com(?:e|es) (?:out|back)(?: as)?|get(?:s|ting)?(?: back)?|produc(?:e|es|ing)|output|answer(?:s)?(?: with)?|->|→|=>"
)
_BE = words(
    "be|(?:be )?(?:shown|displayed|printed|rendered|reported|left|listed|set)(?: as| to)?|equals?|becomes?|stays?|shows?|displays?|print(?:s|ed)?|says?|reports?|contains?|renders?|ha(?:s|ve)|"
    "expect(?:ed|s)?(?: result| output| value| behaviou?r| outcome| return value)?|mean(?:s|t)?|is|are|appear as|"
    "want(?:ed)?|like|to|see|log|write|put|insert|i\\.e\\.,?|namely|that is,?"
)
_SKIP = words(
    "skip(?:ped|s|ping)?|ignor(?:e|ed|es|ing)|le(?:ft|ave|aving) (?:\\w+ )?out|exclud(?:e|ed|ing)|drop(?:ped)?|"
    "discard(?:ed)?|filter(?:ed)?(?: \\w+)? out|omit(?:ted)?|pass(?:ed)? over|disregard(?:ed)?|thrown? away|jump(?:ed)? over|"
    "lea(?:ve|ves|ving) (?:\\w+ ){1,3}(?:out|off)|le(?:ft|ave) off|(?:not|shouldn't|mustn't|shouldn’t|never|no longer) (?:be )?(?:count(?:ed)?|included?|list(?:ed)?|appear|import(?:ed)?|show(?:n| up)?)|"
    "(?:not be|not appear|shouldn't be|mustn't be|shouldn’t be|never be|no longer be) (?:in|on|part of) (?:the|a|an|that|our) \\w+|"
    "(?:do not|does not|don't|doesn't|don’t|doesn’t) belong (?:in|on|to|into|there)|"
    "(?:go|carry|move) on (?:with|to) the (?:next|rest|others?)|continue with the (?:next|rest|others?)"
)
# "blank lines", not "broken or blank lines" nor "lines with an empty amount".
_BLANK = re.compile(
    r"^(?!.*\b(?:or|and|malformed|broken|invalid|bad|unreadable)\b).*?\b(?:blank|empty)\s+(?:lines?|rows?|entr\w+|parts?|items?|names?|words?)\b",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"(?:\s|:|=|->|→|\*|,(?= like)|\b(?:an?|the|as|back|out|with|up|its?|them|just|simply|then|value|result|default|of|to|be|"
    r"being|integer|int|float|number|string|literal|plain|instead|is|was|something like|like|dict(?:ionary)?|list|tuple|"
    r"total|average|text|me|us|here|if it were|python|rather|itself|only|answer|behaviou?r|output|outcome|that|it)\b)*",
    re.I,
)


_VALUE = re.compile(VALUE, re.IGNORECASE)
_URGED = re.compile(
    r"\b(?:should|must|shall|ought to|ha(?:s|ve) to|needs? to)\s+(?:\w+ly\s+)?$", re.IGNORECASE
)
# What a guard cannot give: other effects, values that must be worked out, messages for people.
_BEYOND = words(
    "retr(?:y|ies|ied)|try(?:ing)? again|back-?off|waits?|notif(?:y|ied|ies)|e-?mails?|alert(?:s|ed)?|metrics?|increment(?:s|ed)?|re-?queued?|"
    "prompt(?:s|ed)?|ask(?:s|ed)? (?:the |for )?(?:user|customer|person|them|again)|round(?:s|ed)?|sort(?:s|ed)?|truncat\\w+|convert(?:s|ed)?(?! into)|"
    "guess(?:es|ed)?|estimat\\w+|interpolat\\w+|extrapolat\\w+|nearest|closest|previous|most recent|last (?:known|seen|good|business|working|valid)|"
    "next (?:business|working)|recalculat\\w+|recomput\\w+|fetch(?:es|ed)?|download(?:s|ed)?|reload(?:s|ed)?|stor(?:e|es|ed) (?:it|them)|"
    "collect(?:s|ed)?|quarantin\\w+|per cent|deduplicat\\w+|merg(?:e|es|ed)|swap(?:s|ped)?|both"
)
_WARNED = words(
    "warn(?:s|ed|ings?)?|logged|(?:log|logs|logging) (?:it|them|that|this)|"
    "(?:log|logs|write|leave|emit|note|logging) (?:\\w+ ){0,3}(?:log|warning|message|line|note|entry)"
)
_FAILING = re.compile(r"\w+(?:Error|Exception)\b|\b(?:crash|fail|rais|broke|version)\w*", re.IGNORECASE)
# "A line without data isn't late, so its average is 0."
_ADDS_NOTHING = words("(?:add|contribute|weigh|cost|count for|change)s? (?:nothing|no \\w+)")
_COUNTED = re.compile(r"\s+(?!(?:when|if|for|then|and|or|in|as|because|here|there|too|points?)\b)[a-z]")
_STATED = re.compile(
    r"\b(?:has|have|counts?|weighs?|costs?|gets?)\b|\b(?:so|therefore|hence|then) (?:its|their|the|it|that|this)\b.*\b(?:is|are)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the sentences want, the explicit ones first, and those that want what is not understood."""

    expectations: tuple[Expectation, ...] = ()
    unread: tuple[str, ...] = ()


def wishes(prose: str, *, crash: str) -> Wishes:
    """Every wish of the prose; `crash` alone is what happens now, never a wish."""
    found: list[tuple[int, Expectation]] = []
    unread: list[tuple[bool, str]] = []
    for statement in statements(prose):
        if is_undecided(statement.text):
            unread.append((True, statement.text))
            continue
        if statement.role is Role.TODAY:
            continue
        wanted = statement.role is Role.WANTED
        read = _read(statement.text, crash, wanted)
        rank = 2 if not wanted else int(not statement.is_firm)
        found += [(rank, replace(wish, sentence=statement.text)) for wish in read]
        if wanted and _is_beyond(statement.text, read):
            unread.append((True, statement.text))
        elif wanted and not read and not asks_nothing_else(statement.text):
            unread.append((statement.is_firm, statement.text))
    ranked = sorted(found, key=lambda item: item[0])
    asked = [wish for rank, wish in ranked if rank < 2]
    return Wishes(
        # What is only told may be a wish where nothing is asked for.
        expectations=tuple(dict.fromkeys(asked or (wish for _, wish in ranked))),
        unread=tuple(text for is_firm, text in unread if is_firm or not asked),
    )


def _is_beyond(sentence: str, read: list[Expectation]) -> bool:
    """Whether a sentence wants more than was read in it, or something that no guard gives."""
    values = {wish.message for wish in read} | {wish.value.strip("'\"") for wish in read}
    plain = sentence
    for value in filter(None, values):
        plain = plain.replace(value, "")
    if _WARNED.search(plain) and not any(wish.warns for wish in read):
        return True
    return _BEYOND.search(plain) is not None or says_more_than_exit(sentence)


def expectations(prose: str, *, crash: str) -> tuple[Expectation, ...]:
    """Every wish that is understood."""
    return wishes(prose, crash=crash).expectations


def _read(sentence: str, crash: str, wanted: bool) -> list[Expectation]:
    """What one sentence wants: an error, a value, something to leave out; else what it points at."""
    found = errors(sentence, crash=crash) if wanted else []
    alike = [wish for wish in references(sentence) if wish.same] if wanted else []
    found += alike or _valued(sentence, wanted)
    found += _skips(sentence, wanted)
    if not found and wanted:
        found += references(sentence)
    if wanted and _WARNED.search(sentence):
        found = [replace(wish, warns=True) if wish.wish is Wish.SKIP else wish for wish in found]
    return found


def _valued(sentence: str, wanted: bool) -> list[Expectation]:
    """The values of a sentence, each by the nearest verb before it."""
    found: list[tuple[tuple[bool, bool], Expectation]] = []
    start = _start_of_wish(sentence) if wanted else 0
    for match, value in _values(sentence):
        if match.start() < start:
            continue
        lead = sentence[: match.start()]
        wish, rest = _cue(lead)
        if wish is None:
            continue
        is_stated = (
            wish is Wish.RETURN
            and value != "None"
            and _STATED.search(sentence) is not None
            and not _FAILING.search(sentence)
            and not _COUNTED.match(sentence[match.end() :])
        )
        if is_denied(rest[1]) or not (wanted or wish is Wish.TREAT_AS or is_stated):
            continue
        loose = rest[2] or value == EMPTY
        expectation = Expectation(
            wish=wish, value=value, loose=loose, about=rest[0].strip().lower(), subject=rest[1].strip()
        )
        # "A car that has 0 km" counts kilometres.
        is_counted = loose and _COUNTED.match(sentence[match.end() :]) is not None
        found.append(((is_counted, loose and not _URGED.search(rest[1])), expectation))
    if not found and wanted and _ADDS_NOTHING.search(sentence):
        return [Expectation(wish=Wish.TREAT_AS, value="0")]
    # "return 0 instead of None": what comes after "instead of" is only a wish when nothing came before.
    # "a dash means nothing, so f() should return 0": what is demanded or returned outweighs what is.
    return [expectation for _, expectation in sorted(found, key=lambda item: item[0])][:1]


def _values(sentence: str) -> Iterator[tuple[re.Match[str], str]]:
    """Every value in order; inside of parentheses that only looked like a tuple there may be another."""
    position = 0
    while match := _VALUE.search(sentence, position):
        value = source_of(match)
        position = match.start() + 1 if value is None and match["literal"] else match.end()
        if value is not None:
            yield match, value


def _start_of_wish(sentence: str) -> int:
    """ "It raises KeyError instead of returning None": only what comes last is wanted."""
    contrast = re.search(r"\b(?:instead of|rather than)\b", sentence, re.IGNORECASE)
    return contrast.end() if contrast and compares_only(sentence) else 0


def _cue(lead: str) -> tuple[Wish | None, tuple[str, str, bool]]:
    """The verb that governs what follows `lead`; the words between, the words before, whether it is loose."""
    cues = [
        (match.end(), rank, wish, loose, match)
        for rank, (pattern, wish, loose) in enumerate(
            ((_BE, Wish.RETURN, True), (_RETURN, Wish.RETURN, False), (_TREAT, Wish.TREAT_AS, False))
        )
        for match in pattern.finditer(lead)
    ]
    close = [cue for cue in cues if _is_filler(lead[cue[0] :])]
    if not close:
        return None, ("", "", False)
    _, _, wish, loose, match = max(close, key=lambda cue: (cue[1], cue[0]))
    return wish, (lead[match.end() :], lead[: match.start()], loose)


def _is_filler(words: str) -> bool:
    """Whether a verb still governs what comes after these words: articles, and one noun after an article."""
    noun = re.fullmatch(
        r"\s+(?:the|an?|its|their|his|her|as the|as an?)\s+[a-z]+(?:\s+[a-z]+)?(?:\s+of|\s+is|\s+as|:)?\s*",
        words,
        re.I,
    )
    # "treated as off (`False`)"
    explained = re.fullmatch(
        r"\s+(?:[a-z]+\s+){0,3}[a-z]+\s*\(\s*(?:i\.e\.|that is,?|so)?\s*", words, re.IGNORECASE
    )
    return bool(_FILLER.fullmatch(words) or noun or explained)


def _skips(sentence: str, wanted: bool) -> list[Expectation]:
    for match in _SKIP.finditer(sentence):
        if wanted and not is_denied(sentence[: match.start()]):
            return [Expectation(wish=Wish.SKIP, value=EMPTY if _BLANK.search(sentence) else "")]
    return []
