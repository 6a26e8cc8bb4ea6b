"""Reads which package a ticket wants at which version."""

# ruff: noqa: E501  (a pattern is read from left to right)

from __future__ import annotations

import re
from dataclasses import dataclass

from slipway.domain.ticket import Ticket
from slipway.playbooks.ticket_prose import flowing, has_traceback

_VERSION = r"v?(?P<version>\d+(?:\.\d+)+(?:\.?(?:post|dev|rc|a|b)\d+)*|\d+(?=\s*(?:$|[.,;)]|\s)))"
_PACKAGE = r"[`\"'“]?(?P<package>[A-Za-z][\w.-]*[A-Za-z0-9]|[A-Za-z])(?:\[[\w,]+\])?[`\"'”]?"
_VERB = r"(?:bump|upgrade|update|pin|raise|move|switch|downgrade|set|lock|constrain|require|lift|go)"
_OLD = r"(?:\s*(?:from\s+|==|\(|currently\s+|is\s+)?[`\"']?(?:==|>=|~=)?v?(?P<old>\d+(?:\.\d+)+)[`\"']?\)?)?"
_PATTERNS = (
    re.compile(
        rf"\b{_VERB}(?:ing|s|d)?\s+(?:the\s+|our\s+)?(?:version\s+of\s+|dependency\s+(?:on\s+)?|package\s+|library\s+|pin\s+(?:of|for)\s+)?"
        rf"{_PACKAGE}(?:\s+(?:dependency|package|library|version|pin|requirement))?{_OLD}\s*(?:up\s+)?(?:to|→|->|=>|at|=|on)\s*"
        rf"(?:version\s+|at least\s+|exactly\s+)?[`\"'“]?(?P<operator>==|>=|~=)?\s*{_VERSION}",
        re.I,
    ),
    re.compile(rf"\b{_VERB}\s+(?:the\s+)?{_PACKAGE}\s*(?P<operator>==|>=|~=)\s*{_VERSION}", re.I),
    re.compile(rf"`(?P<package>[A-Za-z][\w.-]*)(?:\[[\w,]+\])?\s*(?P<operator>==|>=|~=)\s*{_VERSION}`", re.I),
    re.compile(
        rf"{_PACKAGE}\s*:?\s*(?:==)?(?P<old>\d+(?:\.\d+)+)\s*(?:→|->|=>|to)\s*(?P<operator>==|>=|~=)?{_VERSION}", re.I
    ),
    re.compile(
        rf"\b(?:need|use|want|on)\s+{_PACKAGE}\s+(?:version\s+)?(?P<operator>>=|==|~=)?\s*{_VERSION}(?:\s+or\s+(?:later|newer))?",
        re.I,
    ),
)  # fmt: skip
_SAID = re.compile(
    r"\b(?:bump|upgrade|update|updating|pin|pins|pinned|downgrade|dependenc\w+|vulnerab\w+|CVE-\d+|version|requirements?)\b",
    re.I,
)
_NOT_PACKAGES = {
    "python",
    "it",
    "this",
    "that",
    "the",
    "version",
    "from",
    "to",
    "value",
    "limit",
    "timeout",
    "and",
    "a",
}


@dataclass(frozen=True, kw_only=True)
class DependencyClaim:
    """`operator` is what the ticket writes before the version, "" when nothing."""

    package: str
    version: str
    operator: str = ""
    old: str | None = None


def read(ticket: Ticket) -> DependencyClaim | None:
    """The claim of a ticket that names a package with a version of at least two parts, or says that it is one."""
    text = flowing(ticket)
    if has_traceback(ticket) or not _SAID.search(text):
        return None
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            package, version = match["package"], match["version"]
            if package.lower() in _NOT_PACKAGES or re.fullmatch(r"[A-Z][A-Z0-9_]*_[A-Z0-9_]*", package):
                continue
            is_version = version.count(".") >= 1 and (
                version.count(".") >= 2
                or re.search(r"\b(?:pin|dependenc|version|upgrade|package|library|requirement)", text, re.I)
            )
            if not is_version and not (groups.get("operator") and "." not in version):
                continue
            return DependencyClaim(
                package=package, version=version, operator=groups.get("operator") or "", old=groups.get("old")
            )
    return None


def normalised(name: str) -> str:
    """As package indexes compare names."""
    return re.sub(r"[-_.]+", "-", name).lower()
