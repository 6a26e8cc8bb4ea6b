"""Repairs what a diagnosis names: by the tool that complains, or by the smallest edit its message dictates."""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping

from slipway.domain.errors import NeedsHuman
from slipway.domain.evidence import CiDiagnosis
from slipway.playbooks.base import Probe, ProbeResult, Tree
from slipway.playbooks.ci import dependencies, imports, timeouts, typing_errors
from slipway.playbooks.ci.log_lines import plain_lines
from slipway.playbooks.ci.tool_runs import changed_by
from slipway.playbooks.crash.layout import Layout
from slipway.playbooks.crash.source_index import SourceIndex

Fixing = Generator[Probe, ProbeResult, Mapping[str, str | None]]

_OTHER_LINTERS = re.compile(
    r"\b(eslint|checkstyle|rubocop|golangci-lint|shellcheck|ansible-lint|standard(?:js)?|detekt|ktlint|hadolint|pylint)\b",
    re.I,
)
_RUFF_STYLE = re.compile(r"\b[A-Z]{1,4}\d{3,4}\b")


def fix(diagnosis: CiDiagnosis, log: str, tree: Tree) -> Fixing:
    """New texts of the files to change; NeedsHuman when the message does not say what to do."""
    text = "\n".join(plain_lines(log))
    layout = Layout(SourceIndex(tree))
    match diagnosis.ci_class:
        case "lint":
            changes = yield from _lint(text, layout)
        case "format":
            changes = yield from _format(text, layout)
        case "import_error":
            changes = imports.fixed(text, layout)
        case "missing_dependency":
            changes = dependencies.added(text, layout)
        case "type_error":
            changes = typing_errors.fixed(text, layout)
        case "test_timeout":
            changes = timeouts.raised(text, tree)
        case other:
            raise NeedsHuman(
                f"a failure of class {other} is not repaired automatically: {diagnosis.line.strip()}"
            )
    return changes


def _lint(text: str, layout: Layout) -> Fixing:
    if layout.config.fix:
        return (yield from changed_by(layout.config.fix, layout.tree))
    other = _OTHER_LINTERS.search(text)
    if other is not None and not re.search(r"\bruff\b", text):
        raise NeedsHuman(
            f"{other[1]} complains, and the repository does not say how to repair that; add a `fix` command to "
            f".slipway.yml or repair it by hand"
        )
    codes = sorted({code for code in _RUFF_STYLE.findall(text) if code[0] in "EFWIBCNUSQDPRTAYX"})
    uses_ruff = re.search(r"\bruff\b", text) or any("ruff" in each for each in layout.config.lint)
    select = f" --select {','.join(codes[:40])}" if codes and not uses_ruff else ""
    return (yield from changed_by([f"ruff check --fix{select} ."], layout.tree))


def _format(text: str, layout: Layout) -> Fixing:
    if layout.config.fix:
        return (yield from changed_by(layout.config.fix, layout.tree))
    if re.search(r"\bprettier\b|Code style issues|^\[warn\] ", text, re.MULTILINE):
        raise NeedsHuman("prettier would change files; run `npx prettier --write .` and commit the result")
    if "incorrectly sorted" in text or re.search(r"\bisort\b", text):
        return (yield from changed_by(["ruff check --select I --fix ."], layout.tree))
    named = re.findall(r"^[Ww]ould reformat:? (\S+\.pyi?)$", text, re.MULTILINE)
    paths = [path for name in named for path in layout.tree if name == path or name.endswith(f"/{path}")]
    what = " ".join(sorted(dict.fromkeys(paths))) or "."
    is_black = re.search(r"\bblack\b|would be left unchanged", text) and not re.search(r"\bruff\b", text)
    return (yield from changed_by([f"{'black' if is_black else 'ruff format'} {what}"], layout.tree))
