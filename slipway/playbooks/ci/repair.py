"""The change that answers a diagnosis: made by the tool that complained, or by a rule as mechanical as one."""

from __future__ import annotations

from collections.abc import Generator, Mapping

from slipway.domain.errors import NeedsHuman
from slipway.domain.evidence import CiDiagnosis
from slipway.playbooks.base import Probe, ProbeResult, Tree
from slipway.playbooks.ci.code_style import fix_style

Fixing = Generator[Probe, ProbeResult, Mapping[str, str | None]]


def fix(diagnosis: CiDiagnosis, log: str, tree: Tree) -> Fixing:
    """Changed paths to their new texts; raises NeedsHuman where no tool's answer is the obvious one."""
    if not diagnosis.auto_fixable:
        raise NeedsHuman(f"a {diagnosis.ci_class} is not for tools to fix: {diagnosis.line}")
    if diagnosis.ci_class in {"lint", "format"}:
        return (yield from fix_style(log, tree))
    raise NeedsHuman(f"no tool fixes this {diagnosis.ci_class}: {diagnosis.line}")
