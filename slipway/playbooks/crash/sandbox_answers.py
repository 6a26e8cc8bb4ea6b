"""Runs our small programs beside the repository's code in the sandbox and reads what they answer."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TypeVar

from slipway.playbooks.base import Probe, ProbeResult
from slipway.playbooks.crash.attempt import Attempt
from slipway.playbooks.crash.layout import Layout

T = TypeVar("T")
Asking = Generator[Probe, ProbeResult, T]

FOLDER = "slipway_probe"
MARKER = "@@slipway-probe@@"
_PROGRAMS = ("__init__.py", "express.py", "observe.py", "attempt.py", "tidy.py")
_ENOUGH = 25


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a frame was: one-based lines, zero-based columns in bytes as CPython counts them.

    `kinds` are the types of its variables, `values` the short texts and numbers among them.
    """

    path: str
    name: str
    qualified: str
    line: int
    column: int | None
    end_line: int | None
    end_column: int | None
    kinds: Mapping[str, str]
    values: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a small program did; `source` is its result as Python, when it can be written and compared."""

    raised: str | None = None
    kinds: tuple[str, ...] = ()
    module: str = ""
    message: str = ""
    places: tuple[Place, ...] = ()
    source: str | None = None
    type_name: str = ""
    printed: str = ""
    imports: Mapping[str, str] | None = None


def attempt_all(
    attempts: Iterable[Attempt], layout: Layout, repository: str, *, files: Mapping[str, str] | None = None
) -> Asking[dict[int, Outcome]]:
    """The outcome of every program, by its number."""
    return (yield from attempted(attempts, layout, repository, wanted={}, files=files or {}))


def attempted(
    attempts: Iterable[Attempt],
    layout: Layout,
    repository: str,
    *,
    wanted: Mapping[str, str],
    files: Mapping[str, str],
) -> Asking[dict[int, Outcome]]:
    """The outcomes of the programs that raise what is wanted where it is wanted; of all when nothing is."""
    programs = [
        {
            "statements": list(attempt.code),
            "expression": attempt.expression,
            "stdin": attempt.stdin,
            "argv": list(attempt.argv),
            "environment": dict(attempt.environment),
        }
        for attempt in attempts
    ]
    if not programs:
        return {}
    request = {
        "programs": programs,
        "report": "matching" if wanted else "all",
        "wanted": dict(wanted),
        "enough": _ENOUGH if wanted else len(programs),
    }
    found = yield from ask(
        "attempt", request, layout=layout, repository=repository, timeout_seconds=120, files=files
    )
    return {int(number): _outcome(raw) for number, raw in found.items() if isinstance(raw, dict)}


def ask(
    program: str,
    request: Mapping[str, object],
    *,
    layout: Layout,
    repository: str,
    timeout_seconds: int,
    files: Mapping[str, str] | None = None,
) -> Asking[dict[str, object]]:
    """Run one of our programs beside the repository's code and read what it answers."""
    overlay = {f"{FOLDER}/{name}": _program(name) for name in _PROGRAMS}
    overlay[f"{FOLDER}/request.json"] = json.dumps(
        {**request, "paths": list(layout.import_paths), "marker": MARKER}
    )
    result = yield Probe(
        repository=repository,
        command=f"python -m {FOLDER}.{program}",
        files={**overlay, **(files or {})},
        timeout_seconds=timeout_seconds,
    )
    return _answer(result)


def _program(name: str) -> str:
    return files("slipway.playbooks.crash.sandboxed").joinpath(name).read_text(encoding="utf-8")


def _answer(result: ProbeResult) -> dict[str, object]:
    """What a program printed after the marker; nothing when it could not run."""
    _, found, rest = result.output.rpartition(MARKER)
    if not found:
        return {}
    try:
        answer = json.loads(rest.splitlines()[0])
    except (ValueError, IndexError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _outcome(raw: Mapping[str, object]) -> Outcome:
    frames = raw.get("frames")
    places = tuple(_place(frame) for frame in frames) if isinstance(frames, list) else ()
    imports = raw.get("imports")
    kinds = raw.get("kinds")
    source = raw.get("source") if raw.get("equal") else None
    return Outcome(
        raised=str(raw["raised"]) if raw.get("raised") else None,
        kinds=tuple(map(str, kinds)) if isinstance(kinds, list) else (),
        module=str(raw.get("module", "")),
        message=str(raw.get("message", "")),
        places=places,
        source=str(source) if source else None,
        type_name=str(raw.get("type", "")),
        printed=str(raw.get("printed", "")),
        imports={str(k): str(v) for k, v in imports.items()} if isinstance(imports, dict) else None,
    )


def _place(frame: Mapping[str, object]) -> Place:
    positions = frame["position"]
    assert isinstance(positions, list)
    line, column, end_line, end_column = positions
    kinds, values = frame.get("kinds"), frame.get("values")
    return Place(
        path=str(frame["path"]),
        name=str(frame["name"]),
        qualified=str(frame["qualified"]),
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        kinds={str(k): str(v) for k, v in kinds.items()} if isinstance(kinds, dict) else {},
        values={str(k): str(v) for k, v in values.items()} if isinstance(values, dict) else {},
    )
