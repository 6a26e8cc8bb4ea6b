"""Reads which names a ticket wants changed into which."""

# ruff: noqa: E501  (a pattern is read from left to right)

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from slipway.domain.ticket import Ticket
from slipway.playbooks.ticket_prose import has_traceback

Kind = Literal["function", "class", "method", "parameter", "attribute", "variable"]

_NAME = r"(?:`+[A-Za-z_][\w.]*(?:\(\))?`+|[\"'“]?[A-Za-z_][\w.]*(?:\(\))?[\"'”]?)"
_CODE = r"`+[A-Za-z_][\w.]*(?:\(\))?`+"
_KINDS = (
    r"(?:function|class|method|parameter|param|argument|keyword argument|keyword|attribute|field|property|"
    r"constant|variable|setting|helper|exception|enum|dataclass|module-level \w+)"
)
_TO = r"(?:to|into|as|→|->|=>|➜|⟶)"
_SAID = re.compile(r"\brenam\w+\b|\bshould (?:now )?be (?:called|named)\b|\bnew name\b|\bcall it\b", re.I)
_PATTERNS = (
    *(
        re.compile(
            rf"\brenam(?:e|ing|ed)\s+(?P<before>(?:[\w-]+\s+){{0,4}}?)(?P<old>{name})"
            rf"(?P<after>{between}{{0,80}}?)\s*(?<!\w){_TO}(?!\w)\s+(?:the\s+name\s+)?(?P<new>{_NAME})",
            re.I,
        )
        for name, between in (
            (_CODE, r"(?:[^.→\n|]|\.(?=\w))"),
            (rf"(?!(?:{_KINDS})\b){_NAME}", r"(?:[^.→\n|`]|\.(?=\w))"),
        )
    ),
    re.compile(
        rf"(?P<before>(?:[\w-]+\s+){{0,3}})(?P<old>{_CODE})(?P<after>[^.\n|]{{0,60}}?)\s+should\s+(?:now\s+)?be\s+"
        rf"(?:called|named|renamed(?:\s+to)?)\s+(?P<new>{_NAME})",
        re.I,
    ),
    re.compile(rf"(?P<before>(?:\w+\s+){{0,3}})(?P<old>{_CODE})(?P<after>)\s*(?:→|->|=>|➜|⟶)\s*(?P<new>{_CODE})"),
    re.compile(rf"^\s*\|(?P<before>)\s*(?P<old>{_NAME})\s*\|(?P<after>)\s*(?P<new>{_NAME})\s*\|", re.M),
    re.compile(r"(?P<before>)(?P<old>[A-Za-z_][\w.]*)(?P<after>)\s*(?:→|->|=>|➜|⟶)\s*(?P<new>[A-Za-z_]\w*)"),
    re.compile(rf"(?P<before>)(?:call it|named?|called)\s+(?P<new>{_CODE})\s+(?:instead of|not|rather than)\s+(?P<old>{_CODE})(?P<after>)", re.I),
)  # fmt: skip
_OWNER = re.compile(
    rf"\b(?:of|in|on|from|for)\s+(?:the\s+)?(?:class\s+|function\s+|method\s+|module\s+)?(?P<owner>{_CODE}|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+|[A-Z]\w+)",
    re.I,
)
_HEADING = re.compile(rf"^\s*(?:[*+-]\s+)?(?P<owner>{_CODE}|[A-Za-z]\w*(?:[._]\w+)+(?:\(\))?)\s*:\s")
_FILE = re.compile(r"(?<![\w/.-])(?:[\w.-]+/)*[\w-]+\.py\b")
_ALIAS = re.compile(
    r"\b(?:deprecat\w+|(?:keep|leave|retain)[^.]{0,60}\b(?:alias|old name|working)|backwards?[- ]compatib\w+)",
    re.I,
)
_NO_ALIAS = re.compile(
    r"\b(?:no|without|(?:not|\w*n['’]t|never)\s+(?:\w+\s+){0,2}?(?:need|want|keep|leave|add|introduce|require|have))\b"
    r"(?:(?!\b(?:break|remov|drop|los)\w*)[^.]){0,40}?(?:alias|deprecat|compatib|old name)",
    re.I,
)
_HEADINGS = {"old", "new", "from", "to", "before", "after", "current", "name", "proposed"}


@dataclass(frozen=True, kw_only=True)
class Renaming:
    """`owner` is the class, function or module that the ticket names around it."""

    old: str
    new: str
    kind: Kind | None = None
    owner: str = ""
    near: tuple[str, ...] = field(default=(), compare=False)
    """Names and files that the same sentence gives: they decide between several definitions."""

    def __str__(self) -> str:
        """As people write it."""
        return f"`{f'{self.owner}.' if self.owner else ''}{self.old}` to `{self.new}`"


@dataclass(frozen=True, kw_only=True)
class RenameClaim:
    """All renamings of one ticket; `keeps_alias` asks for the old name to go on working."""

    renamings: tuple[Renaming, ...]
    keeps_alias: bool = False


def read(ticket: Ticket) -> RenameClaim | None:
    """The claim of a ticket that says rename and gives both names."""
    text = f"{ticket.summary}\n{ticket.description}"
    if has_traceback(ticket) or not _SAID.search(text):
        return None
    found: dict[tuple[str, str], Renaming] = {}
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            renaming = _renaming(match, text)
            if renaming is not None:
                known = found.get((renaming.old, renaming.new))
                found[renaming.old, renaming.new] = _joined(known, renaming) if known else renaming
    if not found:
        return None
    return RenameClaim(
        renamings=tuple(found.values()),
        keeps_alias=bool(_ALIAS.search(text)) and not _NO_ALIAS.search(text),
    )


def _renaming(match: re.Match[str], text: str) -> Renaming | None:
    old, new = _bare(match["old"]), _bare(match["new"])
    new = new.rpartition(".")[2]
    owner, _, last = old.rpartition(".")
    if re.fullmatch(_KINDS, last, re.I) and not match["old"].startswith("`"):
        return None
    if not _is_name(last) or not _is_name(new) or last == new or {last.lower(), new.lower()} & _HEADINGS:
        return None
    is_code = match["old"].startswith("`") or re.search(r"[_.A-Z]", old) or re.search(r"[_A-Z]", new)
    if not is_code and not match["new"].startswith("`"):
        return None  # "rename the report to summary" is not about code.
    said = f"{match['before']} {match['after']}"
    kind = _kind(said)
    if not owner:
        near = match["after"] + text[match.end() : match.end() + 80].partition("\n")[0].partition(". ")[0]
        around = _OWNER.search(near)
        owner = _bare(around["owner"]) if around else ""
        if owner in {last, new} or (owner and not around_is_code(around)):
            owner = ""
    return Renaming(old=last, new=new, kind=kind, owner=owner, near=_near(match, text, {last, new}))


def _joined(one: Renaming, other: Renaming) -> Renaming:
    """What two sentences say of the same names; the one that says more leads."""
    first, second = (one, other) if one.owner or one.kind or not (other.owner or other.kind) else (other, one)
    return replace(
        first,
        kind=first.kind or second.kind,
        owner=first.owner or second.owner,
        near=tuple(dict.fromkeys((*first.near, *second.near))),
    )


def _near(match: re.Match[str], text: str, names: set[str]) -> tuple[str, ...]:
    """What the sentence is about: `In X, rename`, `X: rename`, `rename ... (in x.py)`."""
    line_start = text.rfind("\n", 0, match.start("old")) + 1
    before = re.split(r"[.!?]\s", text[line_start : match.start("old")])[-1]
    after = re.split(r"[.!?](?:\s|$)|\n", text[match.start("old") :])[0]
    said = [each["owner"] for each in _OWNER.finditer(before) if around_is_code(each)]
    said += [each["owner"] for each in [_HEADING.match(before)] if each]
    found = [_bare(each) for each in said] + _FILE.findall(f"{before} {after}")
    return tuple(dict.fromkeys(each for each in found if each not in names))


def around_is_code(match: re.Match[str] | None) -> bool:
    """Whether an owner is written as code or as a class name, not as the start of a sentence."""
    return match is not None and (
        match["owner"].startswith("`")
        or "." in match["owner"]
        or match["owner"][1:] != match["owner"][1:].lower()
    )


def _kind(said: str) -> Kind | None:
    found = re.search(rf"\b({_KINDS})\b", said, re.I)
    if found is None:
        return None
    word = found[1].lower()
    spelled: dict[str, Kind] = {
        "param": "parameter", "argument": "parameter", "keyword argument": "parameter", "keyword": "parameter",
        "field": "attribute", "property": "method", "constant": "variable", "setting": "variable",
        "helper": "function", "exception": "class", "enum": "class", "dataclass": "class",
    }  # fmt: skip
    exact: tuple[Kind, ...] = get_args(Kind)
    return spelled.get(word) or next((kind for kind in exact if kind == word), "variable")


def _bare(raw: str) -> str:
    return raw.strip("`\"'“”").removesuffix("()")


def _is_name(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name)
