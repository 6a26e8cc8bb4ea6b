"""Which files of a repository tell people how things are done there, and what kind of telling it is."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from slipway.domain.knowledge import Kind

_TEXT = frozenset({".md", ".markdown", ".rst", ".txt", ""})
_FOREIGN = frozenset(
    re.findall(
        r"\S+",
        """node_modules vendor third_party .deps .venv venv dist build site-packages fixtures testdata
        snapshots __snapshots__ .git""",
    )
)
_DOCUMENTS = frozenset({"doc", "docs", "documentation", "handbook", "runbooks", "wiki"})
_DECISIONS = frozenset({"adr", "adrs", "decisions", "rfc", "rfcs"})
_CONVENTION = re.compile(
    r"(contributing|conventions?|style[-_]?guide|styleguide|code[-_]?style|guidelines)", re.I
)
_DOCUMENT = re.compile(r"(readme|architecture|design|security|development|hacking|runbook|glossary)", re.I)
_TRANSLATED = re.compile(r"\.[a-z]{2}(-[a-z]{2})?$", re.I)


def kind_of(path: str) -> Kind | None:
    """What a file tells; None when it is code, data, a changelog or somebody else's."""
    file = PurePosixPath(path)
    folders = {part.lower() for part in file.parts[:-1]}
    if file.suffix.lower() not in _TEXT or folders & _FOREIGN:
        return None
    stem = _TRANSLATED.sub("", file.stem)
    if _CONVENTION.fullmatch(stem):
        return Kind.CONVENTION
    if folders & _DECISIONS and file.suffix:
        return Kind.DECISION
    if _DOCUMENT.fullmatch(stem) or (folders & _DOCUMENTS and file.suffix):
        return Kind.DOCUMENT
    return None
