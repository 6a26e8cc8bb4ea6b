"""Reads what a ticket wants instead of a crash from its sentences."""

# ruff: noqa: E501  (a pattern is read from left to right)

from __future__ import annotations

import re

from slipway.playbooks.crash.claim import Expectation, Wish
from slipway.playbooks.crash.values import EMPTY, VALUE, source_of


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w`])(?:{pattern})(?![\w`])", re.IGNORECASE)


_OUGHT = _words(
    "should|shall|must|ought to|needs? to|ha(?:s|ve) to|expect(?:ed|s|ing)?|want(?:ed|s)?|would like|i'd like|"
    "please|supposed to|is to|are to|prefer|instead|rather than|desired|acceptance|correct (?:result|answer)|"
    "makes? sense|means?|let's|can we|could we"
)
_TODAY = re.compile(
    r"\W*(?:actual(?:ly)?|currently|today|right now|observed|at the moment|it (?:now )?(?:raises|crashes))\b",
    re.I,
)
_TREAT = _words(
    "(?:treat|count|handle|interpret|consider|regard|take|read|assume|parse|see)(?:ed|n|s|d|ing)?(?: [^,;]{0,60}?)?"
    " (?:as|like|to be)|considered|default(?:s|ed|ing)?(?: value)?(?: of| is| to| should be)?|"
    "f[ae]ll(?:s|ing)? ?back(?: to| on| is)?|assum(?:e|ed|es|ing)|use|using|substitute|replaced? (?:by|with)"
)
_RETURN = _words(
    "return(?:s|ed|ing)?(?: value)?|give(?:s)?(?: me| us)?(?: back)?|yield(?:s|ing)?|evaluates? to|results? in|"
    "com(?:e|es) (?:out|back)(?: as)?|get(?:s|ting)?(?: back)?|produc(?:e|es|ing)|output|answer(?:s)?(?: with)?"
)
_BE = _words(
    "be|(?:be )?(?:shown|displayed|printed|rendered|reported|left|listed|set)(?: as| to)?|equals?|becomes?|stays?|shows?|displays?|print(?:s|ed)?|says?|reports?|contains?|renders?|ha(?:s|ve)|"
    "expect(?:ed|s)?(?: result| output| value| behaviou?r| outcome| return value)?|mean(?:s|t)?|is|are|appear as|"
    "want(?:ed)?|like|to|see"
)
_SKIP = _words(
    "skip(?:ped|s|ping)?|ignor(?:e|ed|es|ing)|le(?:ft|ave|aving) (?:\\w+ )?out|exclud(?:e|ed|ing)|drop(?:ped)?|"
    "discard(?:ed)?|filter(?:ed)?(?: \\w+)? out|omit(?:ted)?|not (?:be )?count(?:ed)?|not (?:be )?included|pass(?:ed)? over"
)
# "blank lines", not "broken or blank lines" nor "lines with an empty amount".
_BLANK = re.compile(
    r"^(?!.*\b(?:or|and|malformed|broken|invalid|bad|unreadable)\b).*?\b(?:blank|empty)\s+(?:lines?|rows?|entr\w+|parts?|items?|names?|words?)\b",
    re.IGNORECASE,
)
_RAISE = _words(
    "rais(?:e|es|ed|ing)|throw(?:s|n|ing)?|fail(?:s|ed|ing)? with|be|get|give|see|surface|produce|report|reject(?:ed|s)?|"
    "expect(?:ed|s)?|like|want(?:ed)?|prefer|need|turn(?:ed)? into|translated? (?:in)?to|converted? (?:in)?to|wrap(?:ped)?|become|like|want(?:ed)?|prefer|need"
)
_EXCEPTION = re.compile(
    r"`{0,2}(?:[A-Za-z_]\w*\.)*(?P<name>[A-Z]\w*(?:Error|Exception|NotFound|Invalid\w*|Unknown\w*|Exit))"
    r"(?P<call>\((?P<argument>[^)`]*)\))?`{0,2}"
)
_BARE_EXCEPTION = re.compile(
    r"(?:raises?|throws?|raising) (?:an? |the |our |\w+ ){0,3}`(?P<name>[A-Z][a-z]\w+)`"
)
_QUOTE = re.compile(r"`([^`\n]+)`|\"([^\"\n]+)\"|“([^”\n]+)”|(?<!\w)'([^'\n]+)'(?!\w)")
_EXIT = re.compile(r"\bexit(?:s|ing)?\b[^.\d]{0,30}?`?(?P<code>\d+)`?", re.IGNORECASE)
_IMPERATIVE = re.compile(
    r"(?:^\W*|[:;,–—-]\s+)(?:then |and |just |so |please )?(?:return|treat|default|skip|ignore|raise|fall back|use|give|count|drop|omit|assume|yield|throw)\b",
    re.I,
)
_FILLER = re.compile(
    r"(?:\s|:|=|->|→|\*|,(?= like)|\b(?:an?|the|as|back|out|with|up|its?|them|just|simply|value|result|default|of|to|be|"
    r"being|integer|int|float|number|string|literal|plain|instead|is|was|something like|like|dict(?:ionary)?|list|tuple|"
    r"total|average|text|me|us|here|if it were|python|rather|itself|only|answer|behaviou?r|output|outcome|that|it)\b)*",
    re.I,
)


_URGED = re.compile(
    r"\b(?:should|must|shall|ought to|ha(?:s|ve) to|needs? to)\s+(?:\w+ly\s+)?$", re.IGNORECASE
)
_FAILING = re.compile(r"\w+(?:Error|Exception)\b|\b(?:crash|fail|rais|broke|version)\w*", re.IGNORECASE)
_STATED = re.compile(r"\b(?:has|have|counts?|weighs?|costs?|gets?)\b", re.IGNORECASE)


def is_wish(sentence: str) -> bool:
    """Whether a sentence says what ought to be, not what happens today."""
    if _TODAY.match(sentence) and not _OUGHT.search(sentence):
        return False
    return bool(_OUGHT.search(sentence) or _IMPERATIVE.search(sentence))


def expectations(prose: str, *, crash: str) -> tuple[Expectation, ...]:
    """Every wish of the prose, the explicit ones first; `crash` alone is what happens now, never a wish."""
    found: list[tuple[bool, Expectation]] = []
    for sentence in sentences(prose):
        if _TODAY.match(sentence) and not _OUGHT.search(sentence):
            continue
        wanted = is_wish(sentence)
        for wish in (
            *_raises(sentence, crash, wanted),
            *_valued(sentence, wanted),
            *_skips(sentence, wanted),
        ):
            found.append((not wanted, wish))
    return tuple(dict.fromkeys(wish for _, wish in sorted(found, key=lambda item: item[0])))


def _raises(sentence: str, crash: str, wanted: bool) -> list[Expectation]:
    found = []
    if wanted and (exit_ := _EXIT.search(sentence)):
        found.append(Expectation(wish=Wish.RAISE, exception="SystemExit", message=exit_["code"]))
    for match in (*_EXCEPTION.finditer(sentence), *_BARE_EXCEPTION.finditer(sentence)):
        before = sentence[: match.start()]
        clause = re.split(r"[.;]\s|\binstead of\b|\brather than\b", before)[-1]
        rejected = re.search(r"(?:instead of|rather than|not|no|bare|raw)\s+(?:\w+\s+){0,3}$", before, re.I)
        cues = list(_RAISE.finditer(clause)) if match.re is _EXCEPTION else [match]
        if not wanted or rejected or not cues or _is_denied(_before(cues[-1], clause)):
            continue
        message = _message(sentence[match.end() :], match.groupdict().get("argument") or "")
        if match["name"] == crash and not message:
            continue
        found.append(Expectation(wish=Wish.RAISE, exception=match["name"], message=message))
    return found


def _is_denied(before: str) -> bool:
    """Whether the verb that comes next is negated: "should not raise", "must never just return"."""
    return bool(re.search(r"(?:\bnot|n't|n’t|\bnever|\bno longer|\bwithout)\s+(?:\w+\s+)?$", before, re.I))


def _before(cue: re.Match[str], clause: str) -> str:
    return clause[: cue.start()] if cue.string == clause else cue.string[: cue.start()]


def _message(after: str, argument: str) -> str:
    if argument and (inside := re.search(r"f?\"([^\"]+)\"|f?'([^']+)'", argument)):
        return inside[1] or inside[2]
    lead = re.match(
        r"[^\"'`“\n]{0,80}?(?:message|sa(?:ys|ying)|text|read(?:s|ing)|mention|nam(?:es|ing)|with|:)[^\"'`“\n]{0,40}",
        after,
    )
    quote = _QUOTE.match(after, lead.end()) if lead else None
    if quote is None:
        return ""
    text = next(group for group in quote.groups() if group)
    return text if re.search(r"\s", text) or quote[2] or quote[3] else ""


def _valued(sentence: str, wanted: bool) -> list[Expectation]:
    """The values of a sentence, each by the nearest verb before it."""
    found: list[tuple[bool, Expectation]] = []
    for match in re.finditer(VALUE, sentence, re.IGNORECASE):
        value = source_of(match)
        if value is None:
            continue
        lead = sentence[: match.start()]
        wish, rest = _cue(lead)
        if wish is None:
            continue
        is_stated = (
            wish is Wish.RETURN and _STATED.search(sentence) is not None and not _FAILING.search(sentence)
        )
        if _is_denied(rest[1]) or not (wanted or wish is Wish.TREAT_AS or is_stated):
            continue
        loose = rest[2] or value == EMPTY
        expectation = Expectation(wish=wish, value=value, loose=loose, about=rest[0].strip().lower())
        found.append((loose and not _URGED.search(rest[1]), expectation))
    # "return 0 instead of None": what comes after "instead of" is only a wish when nothing came before.
    # "a dash means nothing, so f() should return 0": what is demanded or returned outweighs what is.
    return [expectation for _, expectation in sorted(found, key=lambda item: item[0])][:1]


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
    return bool(_FILLER.fullmatch(words) or noun)


def _skips(sentence: str, wanted: bool) -> list[Expectation]:
    for match in _SKIP.finditer(sentence):
        if wanted and not _is_denied(sentence[: match.start()]):
            return [Expectation(wish=Wish.SKIP, value=EMPTY if _BLANK.search(sentence) else "")]
    return []


def sentences(prose: str) -> list[str]:
    """Sentences; a heading such as "Expected behaviour" goes with the line below it."""
    text = re.sub(
        r"(?im)^[#*_\s]*(?:expected(?:\s+\w+)?|desired(?:\s+\w+)?|what\s+(?:should|I\s+expected)[^\n]{0,40})[*_:\s]*\n+\s*",
        "Expected: ",
        prose,
    )
    text = re.sub(
        r"(?im)^[#*_\s]*(?:actual(?:\s+\w+)?|observed(?:\s+\w+)?|what\s+happens[^\n]{0,30})[*_:\s]*\n+\s*",
        "Actual: ",
        text,
    )
    text = re.sub(r"\*\*|__(?=\w)|(?<=\w)__", "", text)
    # A single line break inside a paragraph is a space; list items and paragraphs stand alone.
    text = re.sub(r"\n(?!\s*(?:\n|[-*#>|]|\d+\.))\s*", " ", text)
    parts = re.split(r"(?<=[.!?])[\"'”`)]?\s+(?=[A-Z`\"'(*])|\n+|;\s+", text)
    return [part.strip() for part in parts if part.strip()]
