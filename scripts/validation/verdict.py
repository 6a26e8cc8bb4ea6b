"""Holds findings against the acknowledgements: an undecided one fails, so does a decision about nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scripts.validation.findings import Finding
from stacks.acknowledgements.decision import Acknowledgement

_VARIABLE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`open` findings have no acknowledgement; `idle` lines are acknowledgements without a finding."""

    open: tuple[Finding, ...]
    idle: tuple[str, ...]
    acknowledged: tuple[tuple[Finding, Acknowledgement], ...]

    @property
    def passed(self) -> bool:
        """Whether every finding was decided and every decision is needed."""
        return not (self.open or self.idle)


def judge(
    findings: Sequence[Finding],
    acknowledgements: Sequence[Acknowledgement],
    *,
    ids: Mapping[str, Sequence[str]],
) -> Verdict:
    """`ids` are the words that a variable of a place may stand for; any other variable is any one id."""
    patterns = [(each, _pattern(each.place, ids), _pattern(each.resource, ids)) for each in acknowledgements]
    needed: Counter[tuple[int, str, str]] = Counter()
    left: list[Finding] = []
    acknowledged: list[tuple[Finding, Acknowledgement]] = []
    for finding in findings:
        matching = [
            each
            for each, place, resource in patterns
            if _claims(each, finding)
            and place.fullmatch(finding.place)
            and resource.fullmatch(finding.resource)
        ]
        for each in matching:
            needed[id(each), finding.rule, finding.environment] += 1
        if matching:
            acknowledged.append((finding, matching[0]))
        else:
            left.append(finding)
    idle = (line for each in acknowledgements for line in _idle(each, needed))
    return Verdict(open=tuple(left), idle=tuple(idle), acknowledged=tuple(acknowledged))


def decisions(acknowledgements: Iterable[Acknowledgement]) -> int:
    """How many rules were decided against, place by place."""
    return sum(len(each.rules) for each in acknowledgements)


def _claims(each: Acknowledgement, finding: Finding) -> bool:
    return finding.rule in each.rules and (
        not finding.environment or finding.environment in each.environments
    )


def _idle(each: Acknowledgement, needed: Mapping[tuple[int, str, str], int]) -> Iterator[str]:
    for rule in each.rules:
        environments = [name for name in each.environments if not needed.get((id(each), rule, name))]
        # Findings in files of the checkout have no environment.
        if needed.get((id(each), rule, "")) or not environments:
            continue
        about = f"[{each.resource}]" if each.resource else ""
        yield f"{rule}{about} at {each.place} finds nothing in {', '.join(environments)}"


def _pattern(place: str, ids: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    parts = _VARIABLE.split(place)
    return re.compile(
        "".join(_alternatives(part, ids) if odd % 2 else re.escape(part) for odd, part in enumerate(parts))
    )


def _alternatives(variable: str, ids: Mapping[str, Sequence[str]]) -> str:
    known = ids.get(variable)
    return f"(?:{'|'.join(map(re.escape, known))})" if known else "[^/]+"
