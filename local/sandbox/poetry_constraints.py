"""Poetry's tables of dependencies, in the form that every other tool writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_ELSEWHERE = ("git", "path", "url", "file")
_CLAUSE = re.compile(r"^(?P<operator>===|[<>=!~]=|[<>=~^])?\s*v?(?P<version>.+)$")


def poetry_requirements(table: Mapping[str, object]) -> Iterator[str]:
    """Each entry that an index can serve, as PEP 508 has it."""
    for name, wanted in table.items():
        if name.lower() == "python":
            continue
        for entry in wanted if isinstance(wanted, list) else [wanted]:
            if isinstance(entry, str):
                yield f"{name}{specifier(entry)}"
            elif isinstance(entry, dict) and not any(key in entry for key in _ELSEWHERE):
                yield _detailed(name, entry)


def _detailed(name: str, entry: Mapping[str, object]) -> str:
    listed = entry.get("extras")
    extras = f"[{','.join(map(str, listed))}]" if isinstance(listed, list) and listed else ""
    markers = [f"({entry['markers']})"] if isinstance(entry.get("markers"), str) else []
    python = entry.get("python")
    if isinstance(python, str):
        markers += [_python_marker(clause) for clause in specifier(python).split(",") if clause]
    return (
        f"{name}{extras}{specifier(str(entry.get('version', '*')))}"
        f"{' ; ' if markers else ''}{' and '.join(markers)}"
    )


def _python_marker(clause: str) -> str:
    version = clause.lstrip("<>=!~")
    return f"python_version {clause.removesuffix(version)} '{version}'"


def specifier(text: str) -> str:
    """A version constraint of Poetry's; alternatives joined by `||` keep only their last, the newest."""
    last = text.split("||")[-1]
    clauses = [part.strip() for part in re.split(r",|(?<=[\w*])\s+(?=[<>=!~^])", last)]
    return ",".join(filter(None, map(_clause, clauses)))


def _clause(text: str) -> str:
    found = _CLAUSE.match(text)
    if text in {"", "*"} or found is None:
        return ""
    operator, version = found["operator"], found["version"].strip()
    if operator in {"^", "~"}:
        numbers = [int(number) for number in re.findall(r"\d+", version.split("-")[0].split("+")[0])[:3]]
        return f">={version},<{_ceiling(numbers, is_caret=operator == '^')}"
    return f"{operator if operator not in (None, '=') else '=='}{version}"


def _ceiling(numbers: list[int], *, is_caret: bool) -> str:
    """The first version that is too new: by the first part that is not zero (^), or by the second (~)."""
    if is_caret:
        place = next((place for place, number in enumerate(numbers) if number), len(numbers) - 1)
    else:
        place = min(1, len(numbers) - 1)
    return ".".join(map(str, [*numbers[:place], numbers[place] + 1]))
