"""Runs a repository's tests in probes and reads which of them fail."""

from __future__ import annotations

import re
import shlex
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass

from slipway.playbooks.base import Probe, ProbeResult
from slipway.playbooks.crash.layout import Layout

SUITE_SECONDS = 300
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
_UNITTEST = re.compile(r"^(?:FAIL|ERROR): (\w+) \(([\w.]+)\)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class SuiteRun:
    """`failed` are ids of tests as pytest spells them; `output` is all that was printed."""

    is_green: bool
    failed: frozenset[str]
    output: str

    def functions(self, path: str) -> frozenset[str]:
        """Names of the failed test functions of one file; empty text stands for the whole file."""
        return frozenset(
            (each.partition("::")[2].rpartition("::")[2] or "").partition("[")[0]
            for each in self.failed
            if each.partition("::")[0] == path
        )


def run_suite(
    repository: str, layout: Layout, files: Mapping[str, str | None], *, paths: Iterable[str] = ()
) -> Generator[Probe, ProbeResult, SuiteRun]:
    """The whole suite, or the tests in some files, with `files` laid over the tree."""
    chosen = list(paths)
    command = command_for(chosen) if chosen else layout.suite
    gone = [path for path, text in files.items() if text is None]
    if gone:
        command = f"rm -f {shlex.join(gone)} && {command}"
    result = yield Probe(
        repository=repository,
        command=command,
        files={path: text for path, text in files.items() if text is not None},
        timeout_seconds=SUITE_SECONDS,
    )
    failed = {each.rstrip(":") for each in _FAILED.findall(result.output)}
    failed |= {f"?::{name}" for name, _ in _UNITTEST.findall(result.output)}
    return SuiteRun(is_green=result.exit_code == 0, failed=frozenset(failed), output=result.output)


def command_for(tests: Iterable[str]) -> str:
    """Runs some test files or ids; pytest runs unittest's too."""
    return f"python -m pytest -q {shlex.join(tests)}"


def check_command(expressions: Iterable[str]) -> str:
    """A command that fails unless every expression holds; `text(path)` reads a file, '' when it is absent."""
    lines = [
        "import pathlib, sys",
        "def text(path):",
        "    file = pathlib.Path(path)",
        "    return file.read_text(encoding='utf-8') if file.is_file() else ''",
        *(f"if not ({each}): sys.exit({f'does not hold: {each}'!r})" for each in expressions),
    ]
    return f"python -c {shlex.quote(chr(10).join(lines))}"
