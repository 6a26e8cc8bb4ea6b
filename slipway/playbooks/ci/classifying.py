"""Says from a log alone why a job failed; when unsure, nothing is fixed automatically."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from dataclasses import dataclass

from slipway.domain.evidence import AUTO_FIXABLE, CiClass, CiDiagnosis
from slipway.playbooks.ci.log_lines import clean, is_echo
from slipway.playbooks.ci.signals import DECISIVE, HINT, MODULE, NAME, OTHER_IMPORT, SIGNALS

MAX_LINE = 2_000
# Between equally sure signs: what stops a build early comes before what only follows from it.
_PRECEDENCE: tuple[CiClass, ...] = (
    "security",
    "test_timeout",
    "compile",
    "import_error",
    "missing_dependency",
    "format",
    "type_error",
    "lint",
    "test_failure",
    "infra",
)
_EXPLANATIONS: dict[CiClass, str] = {
    "lint": "a linter found something",
    "format": "a formatter would change files",
    "import_error": "something is imported that its module does not have",
    "type_error": "the type checker found something",
    "missing_dependency": "something that is needed is not installed or cannot be",
    "test_timeout": "a test took longer than allowed",
    "test_failure": "tests ran and failed",
    "compile": "the source cannot be parsed, compiled or linked",
    "infra": "the machine, the network or the CI service failed",
    "security": "a security tool found something",
}


@dataclass(frozen=True)
class _Sign:
    index: int
    strength: int
    line: str


def classify(log: str) -> CiDiagnosis:
    """The class, and the first line that shows it."""
    raw = log.splitlines()
    lines = [clean(line)[:MAX_LINE] for line in raw]
    signs = _signs(lines)
    chosen = _chosen(signs, lines)
    if chosen is None:
        last = next((line for line in reversed(raw) if line.strip()), "the log is empty")
        return CiDiagnosis.model_validate(
            {
                "class": "infra",
                "auto_fixable": False,
                "line": last,
                "explanation": "nothing in the log shows why",
            }
        )
    best = max(sign.strength for sign in signs[chosen])
    line = raw[next(sign.index for sign in signs[chosen] if sign.strength == best)]
    return CiDiagnosis.model_validate(
        {
            "class": chosen,
            "auto_fixable": chosen in AUTO_FIXABLE and best >= DECISIVE,
            "line": line,
            "explanation": _EXPLANATIONS[chosen],
        }
    )


def _signs(lines: list[str]) -> dict[CiClass, list[_Sign]]:
    found: dict[CiClass, list[_Sign]] = defaultdict(list)
    own = _own_packages(lines)
    for index, line in enumerate(lines):
        if not line.strip() or is_echo(line):
            continue
        imported = _import_class(line, own)
        if imported is not None:
            found[imported].append(_Sign(index, DECISIVE, line))
            continue
        for signal in SIGNALS:
            if signal.pattern.search(line):
                found[signal.ci_class].append(_Sign(index, signal.strength, line))
                break
    return dict(found)


def _import_class(line: str, own: frozenset[str]) -> CiClass | None:
    if missing := MODULE.search(line):
        module = missing["module"]
        is_known = module.partition(".")[0] in sys.stdlib_module_names or module.partition(".")[0] in own
        return "import_error" if is_known else "missing_dependency"
    if NAME.search(line):
        return "import_error"
    if OTHER_IMPORT.search(line):
        return "missing_dependency" if re.search(r"\.so\b|DLL load|shared object", line) else "import_error"
    return None


def _own_packages(lines: list[str]) -> frozenset[str]:
    """Packages of the repository, by the paths that tracebacks and reports show."""
    found: set[str] = set()
    for line in lines:
        for match in re.finditer(
            r"(?:/(?:work|builds?|app|src|repo)/(?:[\w.-]+/){1,2}|^(?:src/)?)(\w+)/\w+\.py\b", line
        ):
            found.add(match[1])
    return frozenset(found - {"tests", "test", "site-packages", "lib", "src", "usr"})


def _chosen(signs: dict[CiClass, list[_Sign]], lines: list[str]) -> CiClass | None:
    if not signs:
        return None
    top = max(sign.strength for group in signs.values() for sign in group)
    sure = {name: [sign for sign in group if sign.strength == top] for name, group in signs.items()}
    sure = {name: group for name, group in sure.items() if group}
    if top <= HINT:
        return next(name for name in reversed(_PRECEDENCE) if name in sure)
    _drop_consequences(sure, lines)
    return next((name for name in _PRECEDENCE if name in sure), None)


def _drop_consequences(sure: dict[CiClass, list[_Sign]], lines: list[str]) -> None:
    """Take away what is only the echo of something else, or was survived."""
    text = "\n".join(lines)
    if "format" in sure and "compile" in sure and "would be reformatted" in text:
        del sure["compile"]  # The formatter says itself what it could not parse.
    if "type_error" in sure and "compile" in sure and re.search(r"errors prevented further checking", text):
        del sure["compile"]
    imports = [name for name in ("import_error", "missing_dependency") if name in sure]
    if "test_failure" in sure and imports:
        # Real assertions beside import errors: only a person can tell which matters.
        asserting = [
            sign
            for sign in sure["test_failure"]
            if re.match(r"^(?:E\s+)?(?:AssertionError|assert )", sign.line)
        ]
        if asserting and not re.search(r"errors? during collection|ERROR collecting", text):
            for name in imports:
                del sure[name]
    if "test_timeout" in sure and "test_failure" in sure:
        others = [
            sign for sign in sure["test_failure"] if re.search(r"AssertionError|^E\s+assert", sign.line)
        ]
        if others:
            del sure["test_timeout"]
    if "compile" in sure and "test_failure" in sure:
        tests = re.search(r"^(?:=+ .*\b[1-9]\d* passed|\d+ passed|Tests run: [1-9])", text, re.MULTILINE)
        if tests and not re.search(r"errors? during collection|ERROR collecting|COMPILATION ERROR", text):
            del sure["compile"]
