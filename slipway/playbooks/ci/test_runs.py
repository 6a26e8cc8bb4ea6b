"""What a test runner's own summary proves: whether all that failed failed for the same mechanical reason."""

from __future__ import annotations

import re
from typing import Literal

Reason = Literal["assertion", "import", "timeout", "syntax"]

_PYTEST_END = re.compile(r"^(?:=+ )?(?:\S+ )*?(\d+) (failed|errors?)\b.*\bin [\d.]+ ?s")
_E_LINE = re.compile(
    r"^E\s+(?:(?P<name>(?:\w+\.)*[A-Z]\w*)(?:: (?P<text>.*))?$|(?P<assertion>assert )|(?P<fixture>fixture ))"
)
_COUNTED = (
    # mocha; jest and vitest; playwright; ctest
    (r"^\s*(\d+) failing\b", r"Timeout of \d+ ?ms exceeded"),
    (r"^\s*Tests:? +.*?([1-9]\d*) failed", r"Exceeded timeout of \d+ ?ms|timed out in \d+ ?ms"),
    (r"^\s+([1-9]\d*) failed$", r"Test timeout of \d+ ?ms exceeded"),
    (r"^\d+% tests passed, ([1-9]\d*) tests? failed out of", r"\*\*\*Timeout"),
)
_UNITTEST_END = re.compile(r"^FAILED \((?:.*, )?errors=\d+\)")
_RAISED = re.compile(r"^(?P<name>(?:\w+\.)*[A-Z]\w*(?:Error|Exception))\b(?:: (?P<text>.*))?$")
_IMPORTS = {"ImportError", "ModuleNotFoundError"}
_SYNTAX = {"SyntaxError", "IndentationError", "TabError"}


def reason_of_failures(lines: tuple[str, ...]) -> tuple[Reason, int] | None:
    """Why tests failed, and the index of the line that says so; None when no runner reports failures."""
    return _pytest(lines) or _counted(lines) or _unittest(lines)


def _pytest(lines: tuple[str, ...]) -> tuple[Reason, int] | None:
    if not any(_PYTEST_END.match(line) for line in lines):
        return None
    found: dict[Reason, int] = {}
    for index, line in enumerate(lines):
        match = _E_LINE.match(line)
        if match is None:
            continue
        named = match["name"]
        reason: Reason | None = _reason(named, match["text"] or "") if named else "assertion"
        if reason is not None:
            found.setdefault(reason, index)
    return _worst(found) or (
        "assertion",
        _first(lines, re.compile(r"^(?:FAILED|ERROR) \S|^(?:=+ )?.*\d+ (?:failed|error)")),
    )


def _unittest(lines: tuple[str, ...]) -> tuple[Reason, int] | None:
    if not any(_UNITTEST_END.match(line) for line in lines):
        return None
    found: dict[Reason, int] = {}
    for index, line in enumerate(lines):
        match = _RAISED.match(line)
        if match is not None:
            found.setdefault(_reason(match["name"], match["text"] or "") or "assertion", index)
    return _worst(found)


def _counted(lines: tuple[str, ...]) -> tuple[Reason, int] | None:
    for ends, timeout in _COUNTED:
        ended = ((index, re.match(ends, line)) for index, line in enumerate(lines))
        failed = [(index, int(match[1])) for index, match in ended if match is not None]
        if not failed or not sum(number for _, number in failed):
            continue
        timeouts = [index for index, line in enumerate(lines) if re.search(timeout, line)]
        if len(timeouts) >= sum(number for _, number in failed):
            return "timeout", timeouts[0]
        return "assertion", failed[0][0]
    return None


def _reason(name: str, text: str) -> Reason | None:
    last = name.rpartition(".")[2]
    if last in _IMPORTS:
        return "import"
    if last in _SYNTAX:
        return "syntax"
    if last == "Failed" and text.startswith("Timeout"):
        return "timeout"
    if last.endswith(("Error", "Exception", "Failed", "Warning", "Exit", "Interrupt", "Iteration")):
        return "assertion"
    return None


def _worst(found: dict[Reason, int]) -> tuple[Reason, int] | None:
    """A person must see a failed assertion or a syntax error, whatever tools could fix beside it."""
    order: tuple[Reason, ...] = ("assertion", "syntax", "timeout", "import")
    return next(((reason, found[reason]) for reason in order if reason in found), None)


def _first(lines: tuple[str, ...], pattern: re.Pattern[str]) -> int:
    return next(index for index, line in enumerate(lines) if pattern.search(line))
