"""Splits a ticket into statements and tells what is wanted from what happens, stays or is only said."""

# ruff: noqa: E501  (a pattern is read from left to right)

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


def words(pattern: str) -> re.Pattern[str]:
    """A pattern of whole words, in any case."""
    return re.compile(rf"(?<![\w`])(?:{pattern})(?![\w`])", re.IGNORECASE)


class Role(StrEnum):
    """What a statement is there for.

    WANTED asks for something; TODAY tells what happens now; TOLD is everything else.
    """

    WANTED = "wanted"
    TODAY = "today"
    TOLD = "told"


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One sentence, list item or table cell; `is_firm` for a demand that is more than a suggestion."""

    text: str
    role: Role
    is_firm: bool = False


_FIRM = words(
    "should(?:n't)?|shall|must(?:n't)?|ought to|expect(?:ed|ing)?|supposed to|is to|are to|"
    "acceptance|required?|correct (?:result|answer|output|behaviou?r)"
)
_SOFT = words(
    "(?<!no )(?<!not )(?<!n't )(?<!n’t )needs? to|ha(?:s|ve) to|suggest|propose|recommend|(?:i|we)(?:'d| would) say|(?:do not|does not|don't|doesn't|don’t|doesn’t) belong|expects?|want(?:ed|s)?|would like|i'd like|we'd like|would be (?:nice|better|enough|fine)|please|pls|prefer(?:ably)?|instead|rather than|desired|"
    "makes? sense|let's|can (?:we|you|it)|could (?:we|you|it|just)|(?-i:may)|meant to|would (?:expect|prefer)|'d expect|(?:i|we)(?:'d| would)? (?:have )?(?:thought|assumed)|means(?= (?:that|the|an?|no|nothing|none)\\b)"
)
_IMPERATIVE = re.compile(
    r"(?:^\W*|[:;,–—-]\s+|(?:->|→|=>)\s*|\b(?:cases?|lines?|rows?|entries|items?|ones?)\s+)(?:(?:then|and|so|or|maybe|just|simply|in that case)[ ,]+){0,2}(?:return|treat|default|skip|ignore|raise|fall back|use|give|count|drop|omit|"
    r"assume|yield|throw|leave|keep|log|print|write|show|display|put|set|make|take|report|exit|warn|reject|handle|pass|accept|consider)\b(?!\s*[:=(]|\s+(?:says?|said|shows?|showed|is|was|are|has|had|files?|lines?|entry|contains?|output|looks?)\b)",
    re.IGNORECASE,
)
_TODAY = re.compile(
    r"\W*(?:actual(?:ly)?|currently|today|right now|observed|at the moment|it (?:now )?(?:raises|crashes)|seen|instead(?:,| it| we| i) )",
    re.IGNORECASE,
)
_FAILURE = (
    r"(?:crash\w*|fail\w*|rais\w+|throw\w*|die|dying|break\w*|blow\w* up|abort\w*|explod\w+|fall\w* over|choke\w*|stop\w*|"
    r"los(?:e|t)|tak\w+ (?:\w+ ){1,4}down|bring\w* (?:\w+ ){1,4}down|kill\w*|error\w*|traceback\w*|stack ?trace\w*|an? (?:exception|error|crash|500)|happen\w*|get stuck|hang|block\w*|end in)"
)
# "It should not crash" says no more than the traceback does; "but ..." would.
_NO_CRASH = re.compile(
    rf"\b(?:should|must|may|can|shall|ought to|to|do|does|will|would|could)(?: not|n't|n’t|not| never| no longer)\s+(?:\w+\s+){{0,2}}?{_FAILURE}\b(?!.*\b(?:but|instead)\b)"
    rf"|\bnever\s+{_FAILURE}\b(?!.*\b(?:but|instead)\b)"
    r"|\b(?:should|must|can|to|could|shall) (?:\w+ly )?(?:survive|cope\b|tolerate|be (?:handled |treated |dealt with )?(?:more )?(?:gracefully|robust\w*|properly|correctly|fixed|possible|allowed|harmless|fine|ok(?:ay)?)\b"
    r"|(?:just |simply )?work\b(?!\s+(?:like|as|the same|the way)))"
    r"|^\W*(?:Expected:\s*)?[^,;:]*\b(?:must|should|ha(?:s|ve) to|needs? to)\s+(?:\w+\s+){0,2}?(?:come out|run|finish|complete|start|go out|be (?:made|generated|sent|printed|created|produced|finished))"
    r"\s+(?:regardless|anyway|anyhow|nevertheless|nonetheless|in any case|all the same)\W*$"
    r"|^\W*(?:Expected:\s*)?[^,;:]*\b(?:works?|runs?|loads?|opens?|starts?|prints?|finish(?:es)?) again\W*$"
    r"|^\W*(?:Expected:\s*)?(?:no|without)\s+(?:an? )?(?:\w+\s+)?(?:crash|exception|error|traceback|failure)\w*\W*$",
    re.IGNORECASE,
)
_REST = r"(?:others?|good|valid|remaining|rest|everything else|everybody else|everyone else|known|normal|existing)\b"
_STAYS = re.compile(
    r"\b(?:as (?:before|usual|always|today|now|it (?:does|is|was)|they (?:do|are|were))|unaffected|keep(?:s)? (?:on )?(?:work|runn|go)ing|"
    r"still (?:be )?(?:\w+ed|work|run|print|get|shown|sent)\b|(?:stay|remain|behave)s? (?:exactly )?(?:the same|unchanged|as)|(?:must|should) not change|"
    r"(?:must|should|has to|have to|needs to) (?:all )?(?:stay|remain|be kept|be there)\b|(?:go(?:es)?|carr(?:y|ies)) on\b|continu(?:e|es|ed|ing)\b|"
    r"(?:must|should|ha(?:s|ve) to) (?:keep|go on|continue) (?:rais|throw|fail|reject|refus)\w*ing\b|\brest (?:of [\w ]{1,24} )?(?:stays?|remains?)\b|"
    r"^(?!.*\b(?:bad|invalid|missing|empty|blank|unknown|unreadable|broken|malformed|without|no|not|such)\b)\W*(?:Expected:\s*)?[^,;:]*\bunchanged\W*$|"
    r"\b(?:is|are) (?:right|correct|fine|intended|as intended)\b[^.]*\b(?:should|must|ha(?:s|ve) to) still (?:come|appear|be (?:there|shown|printed|so|like (?:this|that)))\b|"
    rf"{_REST}[^.]{{0,40}}\b(?:should|must|ha(?:s|ve) to|needs? to)\b|(?:keep|process|load|import|do|leave) (?:all )?(?:the )?{_REST})",
    re.IGNORECASE,
)
# About the work or the reporter, not about the code.
_WORK = re.compile(
    r"\b(?:please (?:fix|hurry|help|advise|look|check|have a look|investigate)|(?:fix|look(?:ed)?|help|investigat\w+|check(?:ed)?)\b[^.]{0,40}\b(?:soon|asap|urgent\w*|today|please|pls|into|at it)|"
    r"let me know|regression test|add a test|test (?:for|should|must)|(?:in|before|with|until) (?:the |our |this )?(?:next |coming )?(?:release|deploy\w*|sprint)|"
    r"by (?:friday|monday|tomorrow)|should(?:n't)? have (?:been|done)|should be (?:rare|easy|quick|trivial|simple|small)|backport\w*|urgent\w*|asap|thank\w*|thx|hurry|"
    r"(?:can|could) (?:you|someone|somebody|anyone|we) (?:please )?(?:fix|look|have a look|check|help))\b",
    re.IGNORECASE,
)
# People who still have to agree have not said what they want.
_OPEN = words(
    "(?:need|have) to ask|(?:still )?to be (?:decided|clarified|discussed)|(?:not|n't|n’t) (?:been )?(?:yet )?decided|undecided|"
    "(?:do(?:es)? not|don't|doesn't|don’t|doesn’t) fit together|contradicts?|which (?:one )?(?:they|we|you) (?:really )?(?:want|prefer)"
)
_WANTED_TITLE = (
    r"(?:expected|desired|want(?:ed)?\b|acceptance|what (?:should|i expect|we expect|i want|we want|it should)|should(?: be)?\b|definition of done|requirements?|"
    r"suggest(?:ed|ion)|proposal|proposed|fix\b|solution|how it should|to ?do|done when|goal|wish|ask\b|request)"
)
_OTHER_TITLE = (
    r"(?:actual|observed|current|steps?|environment|background|what (?:happens|happened|i (?:did|see|saw)|we see)|log(?:s|file)?\b|stack|trace|traceback|notes?|context|"
    r"additional|version|system|summary|description|impact|reproduc|how to|details?|severity|tags|example|input|error|workaround|root cause|affected|out of scope|anything else|bug|problem|setup)"
)
_TITLE = re.compile(
    rf"^[#*_\s=]*(?:h\d\.\s*)?(?:\d+[.)]\s*)?(?:(?P<wanted>{_WANTED_TITLE})|(?P<other>{_OTHER_TITLE}))(?P<rest>[^\n:.`\"]{{0,40}}?)(?P<mark>[*_\s]*:?[*_\s=]*)$",
    re.IGNORECASE,
)
_INLINE_TITLE = re.compile(
    rf"^[#*_\s]*(?:(?P<wanted>{_WANTED_TITLE})|(?P<other>{_OTHER_TITLE}))[^\n:.`\"]{{0,24}}?[*_]*:[*_]*\s+(?P<text>\S.*)$",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(r"\b(?:i\.e|e\.g|cf|vs|etc|resp|approx|incl|no)\.(?=\s+\S)", re.IGNORECASE)
# The period of `"."` ends no sentence.
_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?])(?<![\"'`“][.!?])[\"'”`)])\s+(?=[A-Z`\"'(*>])|\n+|;\s+")


_OTHER_HEADING = re.compile(r"\s*(?:#{1,6}\s+\S.*|\*\*[^*]+\*\*:?|__[^_]+__:?|h\d\.\s+.*)$")
_ITEM = re.compile(r"^(?:[-*>•]\s+(?:\[[ xX]?\]\s*)?|\d+[.)]\s+)")


def statements(prose: str) -> tuple[Statement, ...]:
    """Every statement in order; below a heading such as "Expected" all is wanted."""
    found: list[Statement] = []
    section: Role | None = None
    is_marked, is_used = False, False
    for block in _lines(prose):
        if title := _title(block):
            section = Role.WANTED if title["wanted"] else Role.TODAY
            is_marked, is_used = _is_marked(block), False
            continue
        if _OTHER_HEADING.match(block):
            section = None
            continue
        if is_used and not is_marked and not _ITEM.match(block):
            # A heading without markup speaks of one paragraph, or of the list below it.
            section = None
        is_used = True
        here, text = section, _ITEM.sub("", block)
        if inline := _INLINE_TITLE.match(text):
            here = Role.WANTED if inline["wanted"] else Role.TODAY
            # "Actual: ..., Expected: ..." on lines of their own end what a heading began.
            section = None if here is not section else section
            text = inline["text"]
        elif re.match(r"\W*then\s", text, re.IGNORECASE) and _has_scenario(prose):
            here = Role.WANTED
        for part in _END.split(_ABBREVIATION.sub(lambda match: match.group().replace(".", "\u2024"), text)):
            part = part.replace("\u2024", ".")
            if part and part.strip(" \t-*#|>_"):
                found.append(_judged(part.strip(), here))
    return tuple(found)


def compares_only(text: str) -> bool:
    """Whether "instead of" is all that makes it a wish: then what stands before that is what happens now."""
    rest = re.sub(r"\b(?:instead|rather than)\b", "", text, flags=re.IGNORECASE)
    return not (_FIRM.search(rest) or _SOFT.search(rest) or _IMPERATIVE.search(rest))


def _judged(text: str, section: Role | None) -> Statement:
    is_firm = _FIRM.search(text) is not None
    is_asked = is_firm or _SOFT.search(text) is not None or _IMPERATIVE.search(text) is not None
    if (section is Role.TODAY and not is_firm) or (_TODAY.match(text) and not is_asked):
        return Statement(text=text, role=Role.TODAY)
    if section is Role.WANTED:
        return Statement(text=f"Expected: {text}", role=Role.WANTED, is_firm=True)
    return Statement(text=text, role=Role.WANTED if is_asked else Role.TOLD, is_firm=is_firm)


def asks_nothing_else(text: str) -> bool:
    """Whether a wish that holds no value asks only that it works, that the rest stays, or for the work itself."""
    return any(pattern.search(text) for pattern in (_NO_CRASH, _STAYS, _WORK))


def is_undecided(text: str) -> bool:
    """Whether a statement says that what is wanted is still to be decided."""
    return _OPEN.search(text) is not None


def _title(line: str) -> re.Match[str] | None:
    """A heading: marked as one, ended by a colon, or of very few words."""
    match = _TITLE.match(line.strip())
    return (
        match
        if match and (_is_marked(line) or ":" in match["mark"] or len(match["rest"].split()) <= 1)
        else None
    )


def _is_marked(line: str) -> bool:
    return re.match(r"\s*(?:#|\*\*|__|h\d\.|=)", line) is not None


def _has_scenario(prose: str) -> bool:
    return re.search(r"(?im)^\W*(?:given|when)\s.*\n(?:.*\n)*?\W*then\s", prose) is not None


def _lines(prose: str) -> list[str]:
    """Paragraphs, headings and list items; a line break inside a paragraph is a space."""
    lines: list[str] = []
    is_open, is_scenario = False, _has_scenario(prose)
    for line in prose.split("\n"):
        bare = (
            line.strip()
            if _title(line) or _OTHER_HEADING.match(line)
            else re.sub(r"\*\*|__(?=\w)|(?<=\w)__", "", line).strip()
        )
        starts = bool(re.match(r"(?:[-*#>|•]|\d+[.)]\s|h\d\.)", bare))
        starts |= is_scenario and re.match(r"(?:given|when|then|and|but)\s", bare, re.IGNORECASE) is not None
        if not bare or starts or _title(bare) or _INLINE_TITLE.match(bare) or not is_open:
            lines.append(bare)
        else:
            lines[-1] = f"{lines[-1]} {bare}"
        is_open = bool(bare) and not _title(bare) and not _OTHER_HEADING.match(bare)
    return [line for line in lines if line.strip()]
