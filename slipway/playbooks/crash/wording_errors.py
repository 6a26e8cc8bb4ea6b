"""Reads from a sentence which error a ticket wants raised instead, and what it should say."""

# ruff: noqa: E501  (a pattern is read from left to right)

from __future__ import annotations

import re

from slipway.playbooks.crash.claim import Expectation, Wish
from slipway.playbooks.crash.statements import words

QUOTE = re.compile(r"`([^`\n]+)`|\"([^\"\n]+)\"|“([^”\n]+)”|(?<!\w)'([^'\n]+)'(?!\w)")
_RAISE = words(
    "rais(?:e|es|ed|ing)|throw(?:s|n|ing)?|fail(?:s|ed|ing)? with|be|get|give|see|surface|produce|report|reject(?:ed|s)?(?: with)?|"
    "expect(?:ed|s)?|like|want(?:ed)?|prefer|need|turn(?:ed)? into|translated? (?:in)?to|converted? (?:in)?to|wrap(?:ped)?(?: in| into)?|become"
)
_RAISED_AFTER = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:should|must|shall|ought to|needs to|has to|is|are|gets?|to)\s+(?:be\s+)?(?:raised|thrown|expected|reported|signalled|given)\b",
    re.I,
)
_WHAT_IS_RAISED = re.compile(
    r"\b(?:what|which|that)\b[^.;]*\b(?:should|must|has to|have to|needs to|ought to)\s+(?:be\s+)?(?:rais|throw)\w*\W*$",
    re.I,
)
_EXCEPTION = re.compile(
    r"`{0,2}(?:[A-Za-z_]\w*\.)*(?P<name>[A-Z]\w*(?:Error|Exception|NotFound|Invalid\w*|Unknown\w*|Exit))"
    r"(?P<call>\((?P<argument>[^)`]*)\))?`{0,2}"
)
_NAMED = re.compile(
    r"`{1,2}(?:[a-z_]\w*\.)*(?P<name>[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)*)(?P<call>\((?P<argument>[^)`]*)\))?`{1,2}"
)
_CAMEL = re.compile(
    r"\b(?:raise|raises|raising|throw|throws)\s+(?:an?\s+|the\s+|our\s+)?(?P<name>[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+)\b"
    r"(?P<call>\((?P<argument>[\"'][^)`]*)\))?"
)
_RAISING = words("rais(?:e|es|ed|ing)|throw(?:s|n|ing)?|fail(?:s|ed|ing)? with")
_EXIT = re.compile(
    r"\b(?:exit(?:s|ing)?|return code|exit (?:code|status))\b[^.\d]{0,30}?`?(?P<code>\d+)`?", re.IGNORECASE
)
# "`abc` must keep raising OverflowError" tells what happens today.
_KEEPS = re.compile(r"\b(?:keep|continue|go on)\s+(?:to\s+)?$", re.IGNORECASE)
_PRINTS = words("print(?:s|ed)?|stderr|standard error|usage|message|say(?:s|ing)?|show(?:s|n)?")


def errors(sentence: str, *, crash: str) -> list[Expectation]:
    """The errors that a wish asks for; `crash` alone is what happens now, never a wish."""
    found = []
    if code := _exit_code(sentence):
        found.append(Expectation(wish=Wish.RAISE, exception="SystemExit", message=code))
    named = [m for m in _NAMED.finditer(sentence) if _RAISING.search(sentence)]
    seen: set[str] = set()
    for match in (*_EXCEPTION.finditer(sentence), *named, *_CAMEL.finditer(sentence)):
        before = sentence[: match.start("name")]
        clause = re.split(r"[.;]\s|\binstead of\b|\brather than\b", before)[-1]
        rejected = re.search(
            r"(?:instead of|rather than|not|no|bare|raw|than)\s+(?:\w+\s+){0,3}$", before, re.IGNORECASE
        )
        rest = sentence[match.end() :]
        after = _RAISED_AFTER.match(rest) or _WHAT_IS_RAISED.search(rest)
        cues = list(_RAISE.finditer(clause))
        if match["name"] in seen or rejected or not (cues or after):
            continue
        if not after and (is_denied(clause[: cues[-1].start()]) or _KEEPS.search(clause[: cues[-1].start()])):
            continue
        message = _message(sentence[match.end() :], match.groupdict().get("argument") or "")
        if match["name"] == crash and not message:
            continue
        seen.add(match["name"])
        found.append(Expectation(wish=Wish.RAISE, exception=match["name"], message=message))
    return found


def says_more_than_exit(sentence: str) -> bool:
    """Whether a command is to print something besides its exit code."""
    return _exit_code(sentence) is not None and _PRINTS.search(sentence) is not None


def _exit_code(sentence: str) -> str | None:
    """The code that a command should end with; 0 is how it ends where nothing is raised."""
    found = _EXIT.search(sentence)
    return found["code"] if found and int(found["code"]) else None


def is_denied(before: str) -> bool:
    """Whether the verb that comes next is negated: "should not raise", "must never just return"."""
    return bool(
        re.search(
            r"(?:(?:\b(?:not|cannot|never|no longer)|n't|n’t)\s+(?:\w+\s+)?|\bwithout\s+)$",
            before,
            re.IGNORECASE,
        )
    )


def _message(after: str, argument: str) -> str:
    if argument and (inside := re.search(r"f?\"([^\"]+)\"|f?'([^']+)'", argument)):
        return inside[1] or inside[2]
    lead = re.match(
        r"[^\"'`“\n]{0,80}?(?:message|sa(?:ys|ying)|text|read(?:s|ing)|mention|nam(?:es|ing)|with|:|\(|-|–)[^\"'`“\n]{0,40}",
        after,
    )
    quote = QUOTE.match(after, lead.end()) if lead else None
    if quote is None:
        return ""
    text = next(group for group in quote.groups() if group)
    return text if re.search(r"\s", text) or quote[2] or quote[3] else ""
