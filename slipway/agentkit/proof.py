"""Judges test runs: a red run must fail for the right reason, a green one must have proved something."""

from __future__ import annotations

import re

from slipway.ports.sandbox import CommandResult

_PYTEST = re.compile(r"\bpy\.?test\b")
_PASSED = re.compile(r"\b[1-9]\d* passed\b")
_NO_TESTS = re.compile(r"no tests ran|collected 0 items|Ran 0 tests")
_BROKEN_CODE = re.compile(r"^(?:E\s+)?\s*(?:SyntaxError|IndentationError|TabError):", re.MULTILINE)
_NO_FIXTURE = re.compile(r"fixture '[^']+' not found")
_FAILED = re.compile(r"\b[1-9]\d* failed\b")
_SUMMARY_LINE = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)

NOT_RUN = {
    126: "the command could not be executed",
    127: "the command was not found; `python`, `pytest`, `ruff` and `mypy` are there",
}
PYTEST_REFUSALS = {
    3: "pytest itself failed",
    4: "pytest refused the command line; check the path of the test",
    5: "no test was collected",
}


def why_not_red(command: str, result: CommandResult) -> str | None:
    """Why a run does not show the problem; None when it does."""
    if result.timed_out:
        return "it ran out of time"
    if result.exit_code == 0:
        return "it passes before the change, so it does not show the problem"
    if result.exit_code in NOT_RUN:
        return NOT_RUN[result.exit_code]
    if result.exit_code < 0 or result.exit_code >= 128:
        return f"it was killed (exit code {result.exit_code})"
    if _BROKEN_CODE.search(result.output):
        return "it fails because the code cannot be parsed, which proves nothing"
    if not _PYTEST.search(command):
        return None
    if result.exit_code in PYTEST_REFUSALS:
        return PYTEST_REFUSALS[result.exit_code]
    if _NO_FIXTURE.search(result.output) and not _FAILED.search(result.output):
        return "the test asks for a fixture that does not exist"
    return None


def why_not_green(command: str, result: CommandResult) -> str | None:
    """Why a run does not prove the change; None when it does."""
    if result.timed_out:
        return "it ran out of time"
    if result.exit_code in NOT_RUN:
        return NOT_RUN[result.exit_code]
    if result.exit_code != 0:
        return f"it fails with exit code {result.exit_code}"
    if _PYTEST.search(command) and (
        _NO_TESTS.search(result.output) or (result.output.strip() and _only_skipped(result.output))
    ):
        return "it ran no test"
    return None


def failures(output: str) -> frozenset[str]:
    """The tests that pytest's summary lists as failed or in error."""
    return frozenset(_SUMMARY_LINE.findall(output))


def _only_skipped(output: str) -> bool:
    return bool(re.search(r"\b[1-9]\d* skipped\b", output)) and not _PASSED.search(output)
