"""`python -m scripts.validation`: synthesizes every target, runs every validator, and judges what they found.

Writes every acknowledged finding with its reason to `.slipway/validation/acknowledged.txt`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from agents.registry import AGENTS
from local.supervisor.layout import layout
from local.supervisor.node import install_packages
from scripts.output import result, say, table
from scripts.synthesis import Assembly, synthesize_all
from scripts.validation import rule_packs, sources, state_machines, template_linters
from scripts.validation.findings import Finding, distinct
from scripts.validation.permissions import statements
from scripts.validation.programs import programs
from scripts.validation.ratchet import Ratchet, allowed, movements
from scripts.validation.verdict import Verdict, decisions, judge
from slipway.domain import names
from stacks.acknowledgements import ACKNOWLEDGEMENTS
from stacks.functions import FUNCTIONS

IDS = {
    "agent": [names.construct_id(name) for name in AGENTS],
    "agent_name": list(AGENTS),
    "function": [names.construct_id(folder) for folder in FUNCTIONS],
}
_PARALLEL = 2


def main() -> int:
    """Exit 1 when a finding is undecided, a decision is idle, or a number of the ratchet rose."""
    where = layout()
    folder = where.tools / "validation"
    install_packages(where.root)
    tools = programs(where)
    started = time.monotonic()
    # Only names of assets are in templates: empty ones do.
    context: dict[str, object] = {"rules": "all", "aws:cdk:bundling-stacks": []}
    assemblies = list(synthesize_all(folder, context=context))
    say(f"{len(assemblies)} assemblies synthesized in {time.monotonic() - started:.1f} s")
    validators: dict[str, Callable[[], Iterable[Finding]]] = {
        "cdk-nag": lambda: (finding for each in assemblies for finding in rule_packs.findings(each)),
        "cfn-lint": lambda: template_linters.cfn_lint(assemblies, tools),
        "checkov": lambda: template_linters.checkov(assemblies, tools),
        "asl-validator": lambda: state_machines.findings(assemblies, tools),
        "bandit": lambda: sources.bandit(tools),
        "zizmor, actionlint": lambda: sources.workflows(tools),
    }
    findings: list[Finding] = []
    rows = []
    with ThreadPoolExecutor(_PARALLEL) as pool:
        for name, (found, seconds) in zip(validators, pool.map(_timed, validators.values()), strict=True):
            findings += found
            verdict = judge(found, ACKNOWLEDGEMENTS, ids=IDS)
            rows.append((name, str(len(verdict.acknowledged)), str(len(verdict.open)), f"{seconds:.1f}"))
    result.print(table(("validator", "acknowledged", "open", "seconds"), rows))
    verdict = judge(findings, ACKNOWLEDGEMENTS, ids=IDS)
    _write(folder / "acknowledged.txt", verdict)
    return _report(verdict, _count(assemblies))


def _timed(validator: Callable[[], Iterable[Finding]]) -> tuple[list[Finding], float]:
    began = time.monotonic()
    return distinct(validator()), time.monotonic() - began


def _count(assemblies: Sequence[Assembly]) -> Ratchet:
    return Ratchet(
        acknowledgements=decisions(ACKNOWLEDGEMENTS),
        star_resources=max(
            sum(statement.is_unbounded for statement in statements(each)) for each in assemblies
        ),
    )


def _report(verdict: Verdict, counted: Ratchet) -> int:
    seen: dict[str, list[str]] = {}
    for finding in verdict.open:
        seen.setdefault(finding.decision, []).append(finding.where)
    for decision, places in seen.items():
        result.print(f"open: {decision} ({', '.join(filter(None, places)) or 'checkout'})", markup=False)
    for line in verdict.idle:
        result.print(f"remove from stacks/acknowledgements: {line}", markup=False)
    moved = movements(counted, allowed())
    for movement in moved:
        result.print(str(movement), markup=False)
    return 0 if verdict.passed and not any(movement.rose for movement in moved) else 1


def _write(file: Path, verdict: Verdict) -> None:
    lines = sorted(
        f"{finding.decision} ({finding.where})\n    {each.reason}\n" for finding, each in verdict.acknowledged
    )
    file.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
