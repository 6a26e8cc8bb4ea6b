"""The values of configuration files: TOML, INI, YAML, JSON and files of variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from slipway.playbooks.constant.places import Place, Value

_SETTING_FILES = re.compile(r"\.(?:toml|cfg|ini|ya?ml|json|env|properties|conf)$|(?:^|/)\.env[\w.]*$")
_SETTING = re.compile(
    r"^(?P<indent>[ \t]*)(?:export\s+)?[\"']?(?P<name>[A-Za-z_][\w.\-]*)[\"']?\s*(?::|=)\s*"
    r"(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^\s#,;\[{][^\n#;]*?)\s*,?\s*(?:[#;][^\n]*)?$",
    re.MULTILINE,
)
_NESTED = re.compile(r"\.(?:ya?ml|json)$")
_PARENT = re.compile(
    r"^(?P<indent>[ \t]*)(?:- )?[\"']?(?P<name>[A-Za-z_][\w.\-]*)[\"']?\s*:\s*\{?\s*(?:#.*)?$", re.M
)
_HEAD = re.compile(r"^\s*\[+([^\]\n]+)\]+\s*$", re.M)
_LOCKS = re.compile(r"(?:^|/)(?:[\w.-]*lock[\w.-]*|package-lock\.json|\.slipway\.ya?ml)$|^\.github/")


def is_setting_file(path: str) -> bool:
    """Whether people write settings into it; lock files and workflows are written by tools or for them."""
    return _SETTING_FILES.search(path) is not None and _LOCKS.search(path) is None


def settings(repository: str, path: str, text: str) -> Iterator[Place]:
    """Each key with its section, or with the keys that it is indented below."""
    heads = [(match.start(), match[1].strip("\" '")) for match in _HEAD.finditer(text)]
    parents = list(_PARENT.finditer(text)) if _NESTED.search(path) else []
    for match in _SETTING.finditer(text):
        section = next((name for at, name in reversed(heads) if at < match.start()), "")
        raw = match["value"]
        quoted = raw[:1] in "\"'" and raw[-1:] == raw[:1] and len(raw) > 1
        yield Place(
            repository=repository,
            path=path,
            name=match["name"],
            owner=_above(parents, match) or section or PurePosixPath(path).stem,
            kind="setting",
            value=raw[1:-1] if quoted else _plain(raw),
            start=match.start("value"),
            end=match.end("value"),
            source=raw,
            context=_comment(text, match),
            key=match["name"],
        )


def _above(parents: list[re.Match[str]], match: re.Match[str]) -> str:
    found: list[str] = []
    indent = len(match["indent"])
    for parent in reversed(parents):
        if parent.start() < match.start() and len(parent["indent"]) < indent:
            found.insert(0, parent["name"])
            indent = len(parent["indent"])
    return ".".join(found)


def _comment(text: str, match: re.Match[str]) -> str:
    """The comment behind the value, and those right above it."""
    said = [text[match.end("value") : match.end()].strip(" ,#;")]
    for line in reversed(text[: match.start()].splitlines()):
        if not line.lstrip().startswith(("#", ";")):
            break
        said.append(line.strip("#; \t"))
    return " ".join(said)


def _plain(raw: str) -> Value:
    if raw.lower() in {"true", "false"}:
        return raw.lower() == "true"
    try:
        return int(raw.replace("_", ""))
    except ValueError:
        try:
            return float(raw)
        except ValueError:
            return raw
