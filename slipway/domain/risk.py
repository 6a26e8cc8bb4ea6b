"""How risky a plan looks before anything is changed, with the reasons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from slipway.domain.discovery import Complexity
from slipway.domain.plan import Plan

Level = Literal["low", "medium", "high"]
_SENSITIVE = re.compile(
    r"(^|[/_.-])(auth(n|z|entication|orization)?|login|passwords?|secrets?|crypto\w*|encryption|tokens?|"
    r"payments?|billing|migrations?|schema)([/_.-]|$)",
    re.IGNORECASE,
)
_BUILD = re.compile(r"(^|/)(Dockerfile|pyproject\.toml|setup\.(py|cfg)|package\.json|go\.mod|[\w-]*\.tf)$")
_MANY_FILES = 8


@dataclass(frozen=True, kw_only=True)
class Risk:
    """A level and why."""

    level: Level
    reasons: tuple[str, ...]


def assess(plan: Plan, complexity: Complexity) -> Risk:
    """Each reason weighs one or two; three and more is high."""
    files = sorted({(task.repository, path) for task in plan.tasks for path in task.files})
    weighed: list[tuple[int, str]] = []
    if sensitive := [path for _, path in files if _SENSITIVE.search(path)]:
        weighed.append((2, f"touches {sensitive[0]}"))
    if build := [path for _, path in files if _BUILD.search(path)]:
        weighed.append((1, f"changes how it is built ({build[0]})"))
    if len(plan.repositories) > 1:
        weighed.append((1, f"{len(plan.repositories)} repositories change together"))
    if len(files) > _MANY_FILES:
        weighed.append((1, f"{len(files)} files"))
    if complexity == "High":
        weighed.append((2, "discovery calls it complex"))
    if not (plan.test_strategy.unit_tests or plan.test_strategy.integration_tests):
        weighed.append((1, "the plan names no test"))
    total = sum(weight for weight, _ in weighed)
    level: Level = "high" if total >= 3 else "medium" if total else "low"
    return Risk(level=level, reasons=tuple(reason for _, reason in weighed))
