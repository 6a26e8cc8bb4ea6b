"""Finds a package in every kind of Python manifest and writes its new version in the same style."""

# ruff: noqa: E501  (a pattern is read from left to right)

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from slipway.domain.errors import NeedsHuman
from slipway.playbooks.base import Tree
from slipway.playbooks.dependency.claim import DependencyClaim, normalised

_TEXT_FILE = re.compile(
    r"(?:^|/)(?:[\w.-]*requirements[\w.-]*|[\w.-]*constraints[\w.-]*)\.(?:txt|in|lock)$|(?:^|/)(?:requirements|constraints)/[\w.-]+\.(?:txt|in)$"
)
_LOCK = re.compile(r"(?:^|/)(?:poetry\.lock|uv\.lock|Pipfile\.lock|pdm\.lock|conda-lock\.yml)$")
_TABLES = re.compile(
    r"(?:^|/)(?:pyproject\.toml|setup\.cfg|setup\.py|tox\.ini|noxfile\.py|Pipfile|environment\.ya?ml|\.pre-commit-config\.yaml)$"
)
_LOCK_COMMANDS = {
    "poetry.lock": "poetry lock", "uv.lock": "uv lock", "Pipfile.lock": "pipenv lock",
    "pdm.lock": "pdm lock", "conda-lock.yml": "conda-lock",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One place: the offsets of the version specifier in the text, and what stands there."""

    path: str
    start: int
    end: int
    specifier: str
    operator: str


def requirements(tree: Tree, package: str) -> list[Requirement]:
    """Every place that asks for the package with a version."""
    return [each for path, text in sorted(tree.items()) for each in _in_file(path, text, package)]


def locked(tree: Tree, package: str) -> str | None:
    """Why only a tool may change the version: a lock file or hashes; None when texts can be changed."""
    spelled = _spelled(package)
    for path, text in sorted(tree.items()):
        lock = _LOCK.search(path)
        name = path.rpartition("/")[2]
        if lock and re.search(rf"(?im)^\s*(?:name\s*=\s*[\"']|[\"'])?{spelled}[\"'\s:=]", text):
            return f"{path} locks it with hashes: run `{_LOCK_COMMANDS.get(name, 'the lock command')}` and commit the result"
        if _TEXT_FILE.search(path) and re.search(
            rf"(?im)^\s*{spelled}(?:\[[^\]]*\])?\s*==[^\n\\]*(?:\\\s*\n)?\s*--hash=", text
        ):
            source = re.sub(r"\.(?:txt|lock)$", ".in", path)
            source = source if source in tree else "its source"
            return f"{path} pins it with hashes: run `pip-compile --generate-hashes {source}` and commit the result"
    return None


def changed(text: str, found: list[Requirement], claim: DependencyClaim) -> str:
    """The text with new specifiers."""
    for each in sorted(found, key=lambda each: each.start, reverse=True):
        text = text[: each.start] + specifier(each, claim) + text[each.end :]
    return text


def specifier(found: Requirement, claim: DependencyClaim) -> str:
    """In the old one's style: a pin stays a pin, a caret a caret; upper bounds below the version are refused."""
    old = found.specifier
    version = claim.version
    parts = [part.strip() for part in old.split(",")]
    if claim.operator and len(parts) == 1 and not re.match(r"[\^\"'\d]", old):
        return f"{claim.operator}{version}"
    if len(parts) == 1:
        return re.sub(r"v?\d[\w.*+!-]*", version, old, count=1)
    new: list[str] = []
    for part in parts:
        bound = re.fullmatch(r"(<=?|>=?|==|~=|!=)\s*v?([\w.*]+)", part)
        if bound is None:
            raise NeedsHuman(f"{found.path} asks for {old!r}, which rules do not read; change it by hand")
        if bound[1] in {">=", "==", "~=", ">"}:
            new.append(f"{'>=' if bound[1] == '>' else bound[1]}{version}")
        elif bound[1] in {"<", "<="} and _key(bound[2]) <= _key(version):
            raise NeedsHuman(
                f"{found.path} asks for {old!r}: {version} is beyond its upper bound. Say which bound is wanted"
            )
        else:
            new.append(part)
    separator = ", " if ", " in old else ","
    return separator.join(new)


def _key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _spelled(package: str) -> str:
    return re.sub(r"-", "[-_.]+", re.escape(normalised(package)).replace("\\-", "-"))


_SPECIFIER = r"(?P<specifier>(?P<operator>===|==|~=|>=|<=|!=|>|<)\s*v?\d[\w.*+!-]*(?:\s*,\s*(?:==|~=|>=|<=|!=|>|<)\s*v?\d[\w.*+!-]*)*)"


def _in_file(path: str, text: str, package: str) -> Iterator[Requirement]:
    spelled = _spelled(package)
    patterns: list[str] = []
    if _TEXT_FILE.search(path):
        patterns = [rf"^[ \t]*{spelled}(?:\[[^\]\n]*\])?\s*{_SPECIFIER}"]
    elif _TABLES.search(path):
        patterns = [
            rf"[\"']{spelled}(?:\[[^\]\n]*\])?\s*\(?{_SPECIFIER}",
            # Poetry and Pipfile: name = "^1.2" and name = {{version = "1.2"}}.
            rf"^[ \t]*[\"']?{spelled}[\"']?\s*=\s*(?:\{{[^}}\n]*?version\s*=\s*)?[\"'](?P<specifier>(?P<operator>\^|~=|~|==|>=|<=|>|<)?\s*v?\d[\w.*+!-]*(?:\s*,\s*[<>=!~^]+\s*\d[\w.*]*)*)(?=[\"'])",
        ]
        if path.endswith((".cfg", ".ini", ".yml", ".yaml")):
            patterns.append(rf"^[ \t]*-?[ \t]*{spelled}(?:\[[^\]\n]*\])?\s*{_SPECIFIER}")
        if path.endswith((".yml", ".yaml")):
            patterns.append(rf"^[ \t]*-[ \t]*{spelled}(?P<specifier>(?P<operator>=)\d[\w.]*)")
    seen: set[int] = set()
    for pattern in patterns:
        for match in re.finditer(pattern, text, re.IGNORECASE | re.MULTILINE):
            if match.start("specifier") not in seen:
                seen.add(match.start("specifier"))
                yield Requirement(
                    path=path,
                    start=match.start("specifier"),
                    end=match.end("specifier"),
                    specifier=match["specifier"],
                    operator=match["operator"] or "",
                )
