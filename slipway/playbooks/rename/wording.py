"""The ways in which people write that one name should become another, pronouns included."""

# ruff: noqa: E501  (a pattern is read from left to right)

from __future__ import annotations

import re
from collections.abc import Iterator

CODE = r"`+[A-Za-z_][\w.]*(?:\([^`\n]*\))?`+"
_BARE = (
    r"(?<![\w`./])(?-i:[A-Za-z_][\w.]*\(\)|[A-Za-z]\w*(?:\.[A-Za-z_]\w*)*_\w*(?:\.\w+)*|_\w+|"
    r"[A-Z]?[a-z0-9]+[A-Z]\w*(?:\.\w+)*|[A-Z][A-Z]+[a-z]\w*|[A-Z]\w*\.[a-z_]\w*)(?![\w`/])"
)
CODEISH = rf"(?:{CODE}|{_BARE})"
"""In backticks, or a spelling that only code has."""
_LOOSE = r"(?:`+[A-Za-z_][\w.]*(?:\(\))?`+|[\"'“]?[A-Za-z_][\w.]*(?:\(\))?[\"'”]?)"
KINDS = (
    r"(?:function|class|method|parameter|param|argument|keyword argument|keyword|attribute|field|property|"
    r"constant|variable|setting|member|helper|exception|enum|dataclass|module-level \w+)"
)
_TO = r"(?:to|into|as(?=\s+`)|→|->|=>|➜|⟶)"
_ARROW = r"(?:→|->|=>|➜|⟶)"
_BETWEEN = r"(?:[^.!?→\n|]|\.(?=\w)){0,80}?"
_ADVERBS = r"(?:(?:now|really|rather|just|simply|instead|better|therefore|from now on|of course|in (?:the )?future|everywhere|\w+ly)\s+)*"
_MUST = r"(?:should|shall|must|will|could|can|ought\s+to|has\s+to|have\s+to|needs?\s+to|is\s+to|are\s+to|is|gets?|wants?\s+to)"
_NAMED = r"(?:called|named|renamed(?:\s+to)?|known\s+as|spel(?:led|t)|titled)"
_NO_NAME = r"(?:with|once|twice|again|before|after|first|last|only|when|if|from|by|in|on|at|for|like|a|an|the|so|that|this|it|something|\w+ly)"
_NEW = rf"(?:the\s+name\s+)?(?!{_NO_NAME}\b)(?P<new>{_LOOSE})"
_NAMING = re.compile(
    r"\b(?:renam\w+|nam(?:e|es|ed|ing)|call(?:ed)?\s+(?:it|them|this|that)|called|wording|spelling|snake.?case)\b",
    re.I,
)
_ABOUT_VALUES = re.compile(
    r"\b(?:returns?|rais\w+|prints?|default\w*|values?|messages?|uses?|pass(?:es)?)\b", re.I
)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.I)


_SURE = (
    *(
        _compiled(
            rf"\brenam(?:e|ing|ed)\s+(?P<before>(?:[\w-]+\s+){{0,4}}?)(?P<old>{name})"
            rf"(?P<after>{between}{{0,80}}?)\s*(?<!\w){_TO}(?!\w)\s+{_NEW}"
        )
        for name, between in (
            (CODE, r"(?:[^.→\n|]|\.(?=\w))"),
            (rf"(?!(?:{KINDS}|to|into|as|it|them)\b){_LOOSE}", r"(?:[^.→\n|`]|\.(?=\w))"),
        )
    ),
    _compiled(
        rf"(?P<before>(?:[\w-]+\s+){{0,3}})(?P<old>{CODEISH})(?P<after>{_BETWEEN})\s+{_MUST}\s+{_ADVERBS}"
        rf"(?:be\s+|get\s+)?{_ADVERBS}{_NAMED}\s+{_ADVERBS}{_NEW}"
    ),
    _compiled(
        rf"(?P<before>(?:[\w-]+\s+){{0,3}})(?P<old>{CODEISH})(?P<after>{_BETWEEN})\s+{_MUST}\s+{_ADVERBS}"
        rf"(?:go\s+by|carry|bear|get|have|take)\s+the\s+(?:new\s+)?name\s+(?:of\s+)?(?P<new>{_LOOSE})"
    ),
    _compiled(rf"\b(?:call|name|calling|naming)\s+(?P<before>(?:the\s+)?(?:{KINDS}\s+)?)(?P<old>{CODEISH})(?P<after>)\s+{_ADVERBS}(?P<new>{CODEISH})"),
    _compiled(rf"\b(?:want|like|prefer|expect)\s+(?P<before>(?:[\w-]+\s+){{0,3}}?)(?P<old>{CODEISH})(?P<after>{_BETWEEN})\s+to\s+be\s+(?:{_NAMED}\s+)?(?P<new>{CODEISH})"),
    _compiled(rf"\b(?:chang|replac)(?:e|ing)\s+(?P<before>(?:the\s+|its\s+)?name\s+(?:of\s+|from\s+)?(?:the\s+)?(?:{KINDS}\s+)?)(?P<old>{CODEISH})(?P<after>{_BETWEEN})\s+(?:to|by|with|into)\s+(?P<new>{CODEISH})"),
    _compiled(rf"(?P<before>)(?:call it|named?|called)\s+(?P<new>{CODE})\s+(?:instead of|not|rather than)\s+(?P<old>{CODE})(?P<after>)"),
)  # fmt: skip
_WEAK = (
    _compiled(
        rf"(?P<before>(?:[\w-]+\s+){{0,3}})(?P<old>{CODEISH})(?P<after>{_BETWEEN})\s+(?:{_MUST}\s+)?{_ADVERBS}"
        rf"becom(?:e|es|ing)\s+(?P<new>{CODEISH})"
    ),
    _compiled(rf"(?P<before>(?:[\w-]+\s+){{0,3}})(?P<old>{CODEISH})(?P<after>)\s*{_ARROW}\s*(?P<new>{CODEISH})"),
    _compiled(rf"(?P<before>)(?P<new>{CODEISH})\s+(?:instead\s+of|in\s+place\s+of|rather\s+than)\s+(?P<old>{CODEISH})(?P<after>(?:[^.!?\n|]|\.(?=\w)){{0,60}})"),
    re.compile(rf"^\s*\|(?P<before>)\s*(?P<old>{_LOOSE})\s*\|(?P<after>)\s*(?P<new>{_LOOSE})\s*\|", re.M),
    re.compile(rf"(?P<before>)(?P<old>[A-Za-z_][\w.]*(?:\(\))?)(?P<after>)\s*{_ARROW}\s*(?P<new>[A-Za-z_][\w.]*)"),
)  # fmt: skip
_PRONOUN = r"(?:it|them|this(?:\s+one)?|that(?:\s+one)?|both|the\s+(?:" + KINDS + r"|name|thing)s?)"
_REFERS = (
    _compiled(rf"\brenam(?:e|ing)\s+(?P<it>{_PRONOUN})(?=\s+(?:\w+\s+){{0,3}}?{_TO}\s+(?P<new>{CODEISH}))"),
    _compiled(rf"\brenam(?:e|ing)\s+(?P<it>)(?=(?:to|into)\s+(?P<new>{CODEISH}))"),
    _compiled(rf"\b(?:call|name|calling|naming)\s+(?P<it>{_PRONOUN})(?=\s+(?:\w+\s+){{0,2}}?(?P<new>{CODEISH}))"),
    _compiled(rf"\b(?:want|like|prefer)\s+(?P<it>{_PRONOUN})(?=\s+to\s+be\s+(?:{_NAMED}\s+)?(?P<new>{CODEISH}))"),
    _compiled(rf"(?:(?<=[.!?,;:]\s)|(?<=\n)|\b(?:and|so|but)\s+|\bthink\s+|\bthat\s+)(?P<it>it|this|that|they)(?=\s+{_MUST}\s+{_ADVERBS}(?:be\s+)?{_ADVERBS}(?:{_NAMED}|become)\s+(?P<new>{CODEISH}))"),
    _compiled(rf"\b(?:chang|replac)(?:e|ing)\s+(?P<it>the\s+name|its\s+name)(?=\s+(?:to|into|by|with)\s+(?P<new>{CODEISH}))"),
)  # fmt: skip
_NAMED_AS_KIND = _compiled(
    rf"\b(?:{KINDS})\s+(?!(?:of|in|on|for|to|name|is|has|that)\b)(?P<bare>[A-Za-z_]\w*)"
)
_SENTENCE = re.compile(r"(?<=[.!?:])\s+(?=\S)|\n\s*\n|\n(?=\s*[-*+]\s)")
_LISTS = _compiled(
    rf"(?P<olds>{CODEISH}(?:\s*,\s*{CODEISH})*\s*,?\s*and\s+{CODEISH})(?P<gap>(?:[^.!?\n|]|\.(?=\w)){{0,90}}?)\s+"
    rf"(?:to|into|as|called|named|become)\s+(?P<news>{CODEISH}(?:\s*,\s*{CODEISH})*\s*,?\s*and\s+{CODEISH})"
)
_BY_THE_WAY = _compiled(
    rf"(?:\b(?:of|in|on|from|for|at|by|with|like|than|as|and|or|to|into|takes?|gets?|has)|[(,–—-])\s*"
    rf"(?:(?:the|its|our)\s+)?(?:(?:{KINDS}|module|package|library|file)\s+)?$"
)
_NEGATED = re.compile(r"\b(?:not|n['’]t|don['’]t|never|no\s+need\s+to)\s+(?:\w+\s+){0,2}$", re.I)


def matches(text: str) -> Iterator[re.Match[str]]:
    """Every wording found, with the groups `before`, `old`, `after` and `new`."""
    for pattern in _SURE:
        for match in _each(pattern, text):
            if not _NEGATED.search(text[max(0, match.start() - 40) : match.start()]):
                yield match
    for pattern in _WEAK:
        yield from (match for match in _each(pattern, text) if _is_about_names(match, text))


def _each(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Matches whose old name is the subject: in `the enum A the member B should be called C` that is B."""
    at = 0
    while match := pattern.search(text, at):
        others = re.finditer(CODE, match["after"])
        if any(not _BY_THE_WAY.search(match["after"][: other.start()]) for other in others):
            at = match.end("old")
        else:
            yield match
            at = max(match.end(), at + 1)


def resolved(text: str) -> str:
    """Pronouns as the names they stand for, and `a` and `b` to `c` and `d` as two wishes."""
    text = _LISTS.sub(_one_by_one, text)
    for pattern in _REFERS:
        at = 0
        while match := pattern.search(text, at):
            name = _antecedent(text[: match.start("it")], new=bare(match["new"]))
            at = match.end()
            if name:
                text = f"{text[: match.start('it')]}`{name}` {text[match.end('it') :].lstrip()}"
    return text


def bare(raw: str) -> str:
    """A name without what is written around it."""
    return raw.strip("`\"'“”").partition("(")[0].rstrip(".")


def _one_by_one(match: re.Match[str]) -> str:
    if not re.search(r"\brenam|\bcall|\bnam|\bbecome", match[0], re.I):
        before = match.string[max(0, match.start() - 30) : match.start()]
        if not re.search(r"\brenam\w+\s+(?:\w+\s+){0,3}$", before, re.I):
            return match[0]
    olds = [bare(each) for each in re.findall(CODEISH, match["olds"], re.I)]
    news = [bare(each) for each in re.findall(CODEISH, match["news"], re.I)]
    if len(olds) != len(news):
        return match[0]
    around = re.search(r"\s(?:of|in|on|from)\s+(?:the\s+)?[`\w./]*\w`?", match["gap"], re.I)
    gap = around[0] if around else ""
    pairs = (f"rename `{old}`{gap} to `{new}`" for old, new in zip(olds, news, strict=True))
    return ". ".join(pairs)


def _antecedent(before: str, *, new: str) -> str:
    """The first name of the nearest sentence that has one: what it is about."""
    title, _, rest = before.partition("\n")
    for sentence in reversed(_SENTENCE.split(rest)):
        names = [each for each in _names(sentence) if not _is_same(each, new) and not each.endswith(".py")]
        if names:
            subject = [each for each in _names(title) if each in names]
            return subject[0] if len(subject) == 1 else names[0]
    names = [each for each in _names(title) if not _is_same(each, new)]
    return names[0] if names else ""


def _is_same(name: str, new: str) -> bool:
    return name.rpartition(".")[2] == new.rpartition(".")[2]


def _names(sentence: str) -> list[str]:
    found = [(each.start(), bare(each[0])) for each in re.finditer(CODEISH, sentence, re.I)]
    found += [(each.start("bare"), each["bare"]) for each in _NAMED_AS_KIND.finditer(sentence)]
    return [name for _, name in sorted(found)]


def _is_about_names(match: re.Match[str], text: str) -> bool:
    """Whether a wording that fits values too means names here: by what is said, or by how both are spelled."""
    old, new = match["old"], match["new"]
    holder, other = bare(old).rpartition(".")[0], bare(new).rpartition(".")[0]
    if (holder and holder == other) or (old.strip("`").endswith("()") and new.strip("`").endswith("()")):
        return True
    start = max(text.rfind(". ", 0, match.start()), text.rfind("\n", 0, match.start())) + 1
    sentence = re.split(r"[.!?](?:\s|$)|\n", text[start:].lstrip())[0]
    if re.search(r"\brenam", text, re.I) or re.search(r"\b(?:as|the)\s+name\b", sentence, re.I):
        return True
    if _ABOUT_VALUES.search(sentence) or _style(old) != _style(new):
        return False
    return _NAMING.search(text) is not None or re.search(rf"\b{KINDS}\b", sentence, re.I) is not None


def _style(name: str) -> str:
    last = bare(name).rpartition(".")[2].strip("_")
    if last.isupper() and len(last) > 1:
        return "constant"
    return "class" if last[:1].isupper() else "function"
