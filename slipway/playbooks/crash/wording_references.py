"""Reads wishes that name no value but point at one: "the default zone", "like an unset one", "unchanged"."""

# ruff: noqa: E501  (a pattern is read from left to right)

from __future__ import annotations

import re

from slipway.playbooks.crash.claim import ABSENT, INPUT, Expectation, Wish
from slipway.playbooks.crash.statements import words
from slipway.playbooks.crash.values import EMPTY, VALUE, from_code, source_of
from slipway.playbooks.crash.wording_errors import is_denied

_UNCHANGED = words(
    "unchanged|unmodified|untouched|verbatim|as[- ]is|as it (?:is|was|came|stands)|as they (?:are|were)|"
    "the (?:input|argument|original(?: \\w+)?)(?: itself)?|(?:the )?\\w+ itself"
)
_GIVES = words(
    "return(?:s|ed)?|give(?:s|n)?(?: back)?|left|leave|stay(?:s)?|keep(?:s)?|kept|be|passed through|come(?:s)? (?:back|out)|pass(?:es)? (?:it )?through"
)
_LIKE = re.compile(
    r"\b(?:(?:treat|handl|count|behav|interpret|consider|regard|read|process|tak|draw|show|display|render|print|paint|look)\w*\b[^.;]{0,50}?\s(?:as if|as though|like|just like|exactly like|(?:just |exactly )?(?:the same|as)(?: way)?(?: as| like)?)"
    r"|(?:be|is|as|work\w*|do(?:es)?|act|mean\w*|same) (?:exactly )?(?:the )?(?:same|like|equivalent|identical|as if|as though)(?: (?:way|thing|result|answer|behaviou?r))?(?: as| like| to| if| though)?)"
    r"\s+(?:(?:it|they|there|he) (?:were|was|is|are|had|has)\s+|for\s+|with\s+|when\s+(?:it is\s+|there is\s+|the \w+ is\s+)?|if\s+)?(?P<what>\"[^\"]*\"|'[^']*'|`[^`]*`|[^.;,()]+)",
    re.IGNORECASE,
)
_ABSENT = words(
    "unset|not (?:been )?set|missing|absent|not (?:there|given|present|provided|specified|passed)|undefined|omitted|left out|no (?:value|entry|key|setting|column|argument|variable)(?: at all)?|without (?:a |the )?value"
)
_EMPTY = words("empty|blank|whitespace")
_POINTS = re.compile(
    r"\b(?:f[ae]ll(?:s|ing)? ?back (?:to|on)|default(?:s|ing)? to|us(?:e|es|ing|ed)|tak(?:e|es|en|ing)|assum(?:e|es|ed|ing)|substitut\w+|replaced? (?:by|with)|"
    r"return(?:s|ed|ing)?|gets?|ha(?:s|ve)|give(?:s|n)?|show(?:s|n)?|display(?:s|ed)?|print(?:s|ed)?|be(?: in| at| of)?|end up (?:in|as|with)|go(?:es)? (?:to|into)|belong to|land in|apply|applies|counts? as|treated as|(?:is|are) (?:in|at))"
    r"\s+(?:(?:just|simply|then|back|instead|only|from|with|to|in|as|put in|shown as)\s+){0,2}"
    r"(?:(?P<article>the|its|their|his|her|our|that|whatever|an?)\s+)?(?P<noun>(?:same\s+)?(?:[\w-]+\s+){0,3}?`[A-Za-z_][\w.]*`|[a-z][\w-]*(?:\s+[a-z][\w-]*){0,3})",
    re.IGNORECASE,
)
_SAME_AS = re.compile(
    r"\bsame\s+(?:\w+\s+){0,2}?(?:as|like)\s+(?:(?:for|in|of|an?|the)\s+){0,2}(?P<noun>`[^`]+`|\"[^\"]+\"|'[^']+'|[a-z]\w*)",
    re.IGNORECASE,
)
_SHOWS = re.compile(
    r"\b(?:print|show|display|write|say|render|put)(?:s|n|ed)?\s+(?:(?:just|simply|only|as|the text|the word)\s+)*`(?P<word>[a-z][a-z_]*)`(?!\s+(?:file|flag|option|command|column|field|key)\b)",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"\s+(?:in|when|if|for|then|instead|of|as|like|from|and|or|on|with|to|at|so|that|which|where|there|here|too|also|again|rather|because|while|is|are|was|were|by|please|pls|itself|alone|only)\b.*$",
    re.IGNORECASE,
)
_FALLS = words(
    "f[ae]ll(?:s|ing)? ?back|default(?:s|ing)?|us(?:e|es|ing|ed)|assum\\w+|substitut\\w+|replaced?|count\\w*|treat\\w*|take\\w*|apply|applies"
)


def references(sentence: str) -> list[Expectation]:
    """At most one wish that points at something known, the plainest first."""
    return _alike(sentence) or _unchanged(sentence) or _pointing(sentence) or _spoken(sentence)


def _spoken(sentence: str) -> list[Expectation]:
    """ "Write `unknown` in that column": a word in code font, which may be a name that the code knows."""
    match = _SHOWS.search(sentence)
    if match is None or is_denied(sentence[: match.start()]):
        return []
    return [Expectation(wish=Wish.RETURN, refers=match["word"], loose=True, sentence=sentence)]


def _unchanged(sentence: str) -> list[Expectation]:
    match = _UNCHANGED.search(sentence)
    if match is None or not _GIVES.search(sentence[: match.start()]):
        return []
    return [Expectation(wish=Wish.RETURN, value=INPUT, sentence=sentence)]


def _alike(sentence: str) -> list[Expectation]:
    """ "The same as an empty column": another input that the code already handles as wanted."""
    for match in _LIKE.finditer(sentence):
        what = match["what"].strip()
        # "counts as 0" gives a value; "counts like 0" speaks of what happens for 0.
        is_plain_as = re.search(r"\bas\s*$", match.group()[: -len(match["what"])], re.IGNORECASE) and (
            not re.search(r"\bsame\b", match.group(), re.IGNORECASE)
        )
        if _ABSENT.search(what):
            return [Expectation(wish=Wish.TREAT_AS, value=ABSENT, same=True, sentence=sentence)]
        if is_plain_as:
            continue
        if _EMPTY.search(what):
            value = re.search(VALUE, what, re.IGNORECASE)
            return [
                Expectation(
                    wish=Wish.TREAT_AS,
                    value=(source_of(value) if value else None) or EMPTY,
                    same=True,
                    sentence=sentence,
                )
            ]
        if value := re.match(r"(?:an?\s+|the\s+)?" + VALUE, what, re.IGNORECASE):
            source = source_of(value)
            if source is not None:
                return [Expectation(wish=Wish.TREAT_AS, value=source, same=True, sentence=sentence)]
    if compared := _SAME_AS.search(sentence):
        noun = compared["noun"].strip("`\"'")
        return [Expectation(wish=Wish.TREAT_AS, refers=noun, sentence=sentence)]
    return []


def _pointing(sentence: str) -> list[Expectation]:
    """A value by its name or by words for it: "use the login", "fall back to `default_zone`"."""
    found: list[tuple[tuple[bool, bool], Expectation]] = []
    for match in _POINTS.finditer(sentence):
        noun = match["noun"]
        code = re.search(r"`([^`]+)`", noun)
        if code is None:
            noun = _STOP.sub("", noun).strip()
        elif from_code(code[1]) is not None:
            continue
        else:
            noun = code[1]
        if not noun or (code is None and match["article"] is None and "default" not in noun.lower()):
            continue
        verb = sentence[match.start() : match.start("noun")]
        falls = _FALLS.search(verb) is not None or "default" in noun.lower()
        before = sentence[: match.start()]
        if re.search(r"(?:\bnot|n't|\bnever|\bwe|\bthey|\bI)\s+(?:\w+\s+)?$", before):
            continue
        wish = Wish.TREAT_AS if falls else Wish.RETURN
        found.append(
            (
                (re.search(r"\b(?:should|must|ought to)\s+(?:\w+ly\s+)?$", before) is None, not falls),
                Expectation(wish=wish, refers=noun, loose=not falls, subject=before, sentence=sentence),
            )
        )
    return [expectation for _, expectation in sorted(found, key=lambda item: item[0])][:1]
