"""Reads which names a ticket wants changed into which."""

# ruff: noqa: E501  (a pattern is read from left to right)

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from slipway.domain.ticket import Ticket
from slipway.playbooks.rename.alias_wish import wants_alias
from slipway.playbooks.rename.wording import CODE, KINDS, bare, matches, resolved
from slipway.playbooks.ticket_prose import has_traceback

Kind = Literal["function", "class", "method", "parameter", "attribute", "variable"]

_OWNER = re.compile(
    rf"\b(?:of|in|on|from|for)\s+(?:the\s+)?(?:(?:{KINDS}|module)\s+)?(?!(?:of|in|on|from|for)\b)(?P<owner>{CODE}|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+|[A-Z]\w+)",
    re.I,
)
_HEADING = re.compile(rf"^\s*(?:[*+-]\s+)?(?P<owner>{CODE}|[A-Za-z]\w*(?:[._]\w+)+(?:\(\))?)\s*:\s")
_FILE = re.compile(r"(?<![\w/.-])(?:[\w.-]+/)*[\w-]+\.py\b")
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
    text = resolved(f"{ticket.summary}\n{ticket.description}")
    if has_traceback(ticket):
        return None
    found: dict[tuple[str, str], Renaming] = {}
    for match in matches(text):
        renaming = _renaming(match, text)
        if renaming is not None and not _is_other(renaming, found):
            known = found.get((renaming.old, renaming.new))
            found[renaming.old, renaming.new] = _joined(known, renaming) if known else renaming
    if not found:
        return None
    return RenameClaim(renamings=tuple(found.values()), keeps_alias=wants_alias(text, tuple(found)))


def _is_other(renaming: Renaming, found: Iterable[tuple[str, str]]) -> bool:
    """Whether a surer wording gave the new name to another one already."""
    return any(new == renaming.new and old != renaming.old for old, new in found)


def _renaming(match: re.Match[str], text: str) -> Renaming | None:
    old, new = bare(match["old"]), bare(match["new"])
    new = new.rpartition(".")[2]
    owner, _, last = old.rpartition(".")
    if re.fullmatch(KINDS, last, re.I) and not match["old"].startswith("`"):
        return None
    if not _is_name(last) or not _is_name(new) or last == new or {last.lower(), new.lower()} & _HEADINGS:
        return None
    is_code = match["old"].startswith("`") or re.search(r"[_.A-Z]", old) or re.search(r"[_A-Z]", new)
    if not is_code and not match["new"].startswith("`"):
        return None  # "rename the report to summary" is not about code.
    kind = _kind(match["before"], match["after"]) or _kind_elsewhere(text, last)
    if not owner:
        tail = text[match.end() : match.end() + 80].partition("\n")[0].partition(". ")[0]
        first = _OWNER.search(match["after"] + tail)
        said = [*([first] if first else []), *_OWNER.finditer(match["after"])]
        owners = (bare(each["owner"]) for each in said if around_is_code(each))
        owner = next((each for each in owners if each not in {last, new}), "")
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
    found = [bare(each) for each in said] + _FILE.findall(f"{before} {after}")
    if heading := _HEADING.match(text):
        found.append(bare(heading["owner"]))
    found += _taking(text, names)
    return tuple(dict.fromkeys(each for each in found if each not in names))


def _taking(text: str, names: set[str]) -> list[str]:
    """Functions that the ticket shows with one of the names as a keyword: `f(x, w=150, ...)`."""
    keyword_of = rf"([A-Za-z_][\w.]*)\((?=[^()`]*\b(?:{'|'.join(map(re.escape, sorted(names)))})\s*=)"
    return re.findall(keyword_of, text)


def around_is_code(match: re.Match[str] | None) -> bool:
    """Whether an owner is written as code or as a class name, not as the start of a sentence."""
    return match is not None and (
        match["owner"].startswith("`")
        or "." in match["owner"]
        or match["owner"][1:] != match["owner"][1:].lower()
    )


def _kind_elsewhere(text: str, name: str) -> Kind | None:
    """What another sentence calls it: `the parameter w`."""
    found = re.search(rf"\b({KINDS})\s+[`\"'“]{re.escape(name)}(?:\(\))?[`\"'”]", text, re.I)
    return _kind(found[1], "") if found else None


def _kind(before: str, after: str) -> Kind | None:
    """The last word in front of the name says it (`the dataclass field x`), else the first one after it."""
    in_front = re.findall(rf"\b({KINDS})\b", before, re.I)
    behind = re.search(rf"\b({KINDS})\b", after, re.I)
    if not in_front and behind is None:
        return None
    word = (in_front[-1] if in_front else behind[1] if behind else "").lower()
    spelled: dict[str, Kind] = {
        "param": "parameter", "argument": "parameter", "keyword argument": "parameter", "keyword": "parameter",
        "field": "attribute", "property": "method", "constant": "variable", "setting": "variable",
        "helper": "function", "member": "attribute", "exception": "class", "enum": "class", "dataclass": "class",
    }  # fmt: skip
    exact: tuple[Kind, ...] = get_args(Kind)
    return spelled.get(word) or next((kind for kind in exact if kind == word), "variable")


def _is_name(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name)
