"""Raises the timeout that a test ran into, to at most twice its value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from slipway.domain.errors import NeedsHuman
from slipway.playbooks.base import Tree

_SECONDS = re.compile(r"Timeout (?:>|\(>)\s*(?P<value>\d+(?:\.\d+)?)s?")
_MILLIS = re.compile(r"(?:Timeout of|Exceeded timeout of|Test timed out in)\s+(?P<value>\d+)\s?ms")
_PYTHON_FILES = re.compile(
    r"(?:^|/)(?:pyproject\.toml|pytest\.ini|setup\.cfg|tox\.ini|conftest\.py|[\w.-]*test[\w.-]*\.py)$"
)
_NODE_FILES = re.compile(
    r"(?:^|/)(?:package\.json|\.mocharc\.\w+|(?:jest|vitest|vite)\.config\.\w+|[\w.-]+\.(?:test|spec)\.[jt]sx?)$"
)
_PYTHON_PLACES = (
    r"(?m)^timeout\s*=\s*[\"']?{value}",
    r"--timeout[= ]{value}",
    r"mark\.timeout\((?:timeout=)?{value}",
)
_NODE_PLACES = (
    r"\"?testTimeout\"?\s*:\s*{value}",
    r"setTimeout\(\s*{value}",
    r"--timeout[= ]{value}",
    r"\"?timeout\"?\s*:\s*[\"']?{value}",
    r"this\.timeout\(\s*{value}",
)
FACTOR = 2


def raised(text: str, tree: Tree) -> Mapping[str, str | None]:
    """Files with the timeout that the log names, doubled."""
    seconds, millis = _SECONDS.search(text), _MILLIS.search(text)
    if seconds is None and millis is None:
        raise NeedsHuman("the log does not say which timeout was exceeded; look at the test that hangs")
    value = float(seconds["value"]) if seconds is not None else float(millis["value"] if millis else 0)
    files, places = (_PYTHON_FILES, _PYTHON_PLACES) if seconds is not None else (_NODE_FILES, _NODE_PLACES)
    changes: dict[str, str | None] = {}
    for path in sorted(tree):
        new = _doubled(tree[path], places, value) if files.search(path) else tree[path]
        if new != tree[path]:
            changes[path] = new
    if not changes:
        raise NeedsHuman(
            f"no configuration of this repository sets the timeout of {value:g} that the log names"
        )
    return changes


def _doubled(text: str, places: tuple[str, ...], value: float) -> str:
    for spelled in _spellings(value):
        for place in places:
            pattern = place.replace("{value}", rf"(?P<value>{re.escape(spelled)})(?![\d.])")
            text = re.sub(pattern, _twice, text)
    return text


def _twice(match: re.Match[str]) -> str:
    value = match["value"]
    new = f"{float(value) * FACTOR:g}" if "." in value else str(int(value) * FACTOR)
    start = match.start("value") - match.start()
    return f"{match[0][:start]}{new}{match[0][start + len(value) :]}"


def _spellings(value: float) -> Iterator[str]:
    if value % 1 == 0:
        yield str(int(value))
    yield str(value)
