"""Which of ten classes a failed job's log belongs to, and the line that shows it."""

from __future__ import annotations

import re
import sys

from slipway.domain.evidence import AUTO_FIXABLE, CiClass, CiDiagnosis
from slipway.playbooks.ci.log_lines import plain_lines
from slipway.playbooks.ci.signatures import NO_MODULE, PLAIN, SIGNATURES, STRONG
from slipway.playbooks.ci.test_runs import Reason, reason_of_failures

_IN_REPOSITORY = re.compile(
    r"(?:/work/[^/\s]+/[^/\s]+/|/build/[^/\s]+/[^/\s]+/|^)(?:src/)?([A-Za-z_]\w*)/(?:[\w-]+/)*\w+\.py\b"
)
_TEST_CLASS: dict[Reason, CiClass] = {
    "assertion": "test_failure",
    "syntax": "compile",
    "timeout": "test_timeout",
    "import": "import_error",
}


def classify(log: str) -> CiDiagnosis:
    """By the formats of tools' output; a log that shows nothing known is a person's."""
    lines = plain_lines(log)
    found: list[tuple[int, int, CiClass, str]] = []
    for index, (line, after) in enumerate(zip(lines, (*lines[1:], ""), strict=False)):
        for signature in SIGNATURES:
            if signature.fits(line, after):
                found.append((signature.rank, index, signature.ci_class, signature.says))
        module = NO_MODULE.match(line)
        if module is not None:
            found.append((PLAIN, index, *_absent(module["module"] or module["tool"], lines)))
    verdict = reason_of_failures(lines)
    if verdict is not None:
        reason, index = verdict
        if reason == "import":
            module = NO_MODULE.match(lines[index])
            cannot: tuple[CiClass, str] = ("import_error", "a name cannot be imported")
            absent = _absent(module["module"], lines) if module else cannot
            found.append((STRONG - 5, index, *absent))
        else:
            found.append((STRONG - 5, index, _TEST_CLASS[reason], f"tests failed by {reason}"))
    if not found:
        last = next((line for line in reversed(lines) if line.strip()), "")
        return CiDiagnosis(
            ci_class="test_failure",
            auto_fixable=False,
            line=last,
            explanation="the log shows no failure in a format that is known",
        )
    best = max(rank for rank, *_ in found)
    _, _, ci_class, _ = max((each for each in found if each[0] == best), key=lambda each: each[1])
    _, index, _, says = min(each for each in found if each[0] == best and each[2] == ci_class)
    return CiDiagnosis(
        ci_class=ci_class, auto_fixable=ci_class in AUTO_FIXABLE, line=lines[index].strip(), explanation=says
    )


def _absent(module: str, lines: tuple[str, ...]) -> tuple[CiClass, str]:
    """An absent package is a dependency; an absent part of one, or of this repository, is an import."""
    top, _, rest = module.partition(".")
    own = {match[1] for line in lines for match in _IN_REPOSITORY.finditer(line)}
    if rest or top in own or top in sys.stdlib_module_names:
        return "import_error", f"the module {module} cannot be imported"
    return "missing_dependency", f"the package {module} is not installed"
