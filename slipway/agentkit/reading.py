"""Files of a repository as a model reads them: listings, whole texts and search hits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from slipway.domain.errors import InvalidInput, NotFound

MAX_LISTED = 1_000
MAX_HITS = 200
MAX_LINE_CHARACTERS = 300


def listing(paths: Iterable[str], *, folder: str = "") -> str:
    """Sorted paths under a folder."""
    prefix = f"{folder.strip('/')}/" if folder.strip("/.") else ""
    found = sorted(path for path in paths if path.startswith(prefix))
    if not found:
        raise NotFound(f"no files under {folder or 'the root'!r}; call list_files without a folder first")
    more = f"\n({len(found) - MAX_LISTED} more; name a folder)" if len(found) > MAX_LISTED else ""
    return "\n".join(found[:MAX_LISTED]) + more


def texts(tree: Mapping[str, str], paths: Sequence[str], *, repository: str) -> str:
    """Whole files under their paths."""
    if not paths:
        raise InvalidInput("name at least one path")
    if missing := [path for path in paths if path not in tree]:
        raise NotFound(f"{repository} has no text file {', '.join(missing)}; call list_files first")
    return "\n\n".join(f"=== {path} ===\n{tree[path]}" for path in paths)


def passages(tree: Mapping[str, str], pattern: str) -> str:
    """Lines that match, as path:line: text."""
    try:
        wanted = re.compile(pattern)
    except re.error as error:
        raise InvalidInput(f"{pattern!r} is not a regular expression: {error}") from error
    hits = [
        f"{path}:{number}: {line.strip()[:MAX_LINE_CHARACTERS]}"
        for path, text in sorted(tree.items())
        for number, line in enumerate(text.splitlines(), start=1)
        if wanted.search(line)
    ]
    more = f"\n({len(hits) - MAX_HITS} more)" if len(hits) > MAX_HITS else ""
    return "\n".join(hits[:MAX_HITS]) + more if hits else "No line matches."
