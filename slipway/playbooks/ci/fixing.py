"""Repairs what a diagnosis names: by the tool that complained, or by the edit that its message dictates."""

from __future__ import annotations

from slipway.domain.errors import NeedsHuman
from slipway.domain.evidence import CiDiagnosis
from slipway.playbooks.base import Tree
from slipway.playbooks.ci.mechanical import repaired
from slipway.playbooks.ci.style import fix_format, fix_lint
from slipway.playbooks.ci.tool_runs import Fixing


def fix(diagnosis: CiDiagnosis, log: str, tree: Tree) -> Fixing:
    """New texts of the files to change; NeedsHuman when the message does not say what to do."""
    if not diagnosis.auto_fixable:
        raise NeedsHuman(
            f"a failure of class {diagnosis.ci_class} is not repaired automatically: {diagnosis.line.strip()}"
        )
    if diagnosis.ci_class == "lint":
        return (yield from fix_lint(log, tree))
    if diagnosis.ci_class == "format":
        return (yield from fix_format(log, tree))
    return repaired(diagnosis.ci_class, log, tree)
