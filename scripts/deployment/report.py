"""How the deploy programs show what they found: lines for people, the same as data for machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from pydantic import JsonValue
from rich.text import Text

from scripts.deployment.differences import ACTIONS, Change
from scripts.deployment.widening import Permission
from scripts.doctor import Finding
from scripts.output import progress

_SHOWN = 40
_STYLES = {"ok": "", "note": "yellow", "problem": "red"}


def show_findings(title: str, findings: Sequence[Finding]) -> None:
    """A line each on stderr, with its remedy below."""
    progress.print(Text(title, style="bold"))
    for finding in findings:
        line = f"  {finding.level:<8}{finding.check}: {finding.found}"
        progress.print(Text(line, style=_STYLES[finding.level]))
        if finding.advice:
            progress.print(Text(f"          {finding.advice}"))


def findings_data(findings: Sequence[Finding]) -> list[JsonValue]:
    """One object each."""
    return [{**asdict(finding)} for finding in findings]


def counted(changes: Sequence[Change]) -> dict[str, JsonValue]:
    """How many of each action."""
    count = Counter(change.action for change in changes)
    return {action: count[action] for action in ACTIONS}


def show_changes(changes: Sequence[Change], permissions: Sequence[Permission]) -> None:
    """A line that counts, then what a person must read, in red: what is lost, added permissions."""
    count = counted(changes)
    progress.print(Text(", ".join(f"{count[action]} to {action}" for action in ACTIONS), style="bold"))
    ordered = sorted(changes, key=lambda change: not change.is_grave)
    for change in ordered[:_SHOWN]:
        progress.print(Text(f"  {change}", style="red" if change.is_grave else ""))
    if len(ordered) > _SHOWN:
        progress.print(f"  … and {len(ordered) - _SHOWN} more")
    if permissions:
        progress.print(Text(f"{len(permissions)} permissions are added", style="bold red"))
        for permission in permissions[:_SHOWN]:
            progress.print(Text(f"  {permission}", style="red"))
        if len(permissions) > _SHOWN:
            progress.print(f"  … and {len(permissions) - _SHOWN} more; --output json lists all")
