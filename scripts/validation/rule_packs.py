"""Findings of cdk-nag's packs and of CDK's own rules, from the report that synthesis wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field

from scripts.synthesis import Assembly
from scripts.validation.findings import Finding, neutral, place

_CAMEL = ConfigDict(frozen=True, extra="ignore")
_PACKS = {"AwsSolutions", "HIPAA.Security", "NIST.800.53.R5"}
_DETAILED = re.compile(r"^(?P<rule>[^\[]+)\[(?:Resource|Action)::(?P<resource>.*)\]$")


class RulePacksDidNotRun(RuntimeError):
    """The report lacks a pack: its silence would look like a clean template."""


class _Construct(BaseModel):
    model_config = _CAMEL

    path: str = Field(alias="constructPath")


class _Violation(BaseModel):
    model_config = _CAMEL

    rule: str = Field(alias="ruleName")
    description: str
    constructs: tuple[_Construct, ...] = Field(alias="violatingConstructs")


class _PackReport(BaseModel):
    model_config = _CAMEL

    name: str = Field(alias="pluginName")
    violations: tuple[_Violation, ...]


class _Report(BaseModel):
    model_config = _CAMEL

    packs: tuple[_PackReport, ...] = Field(alias="pluginReports")


def findings(assembly: Assembly) -> Iterator[Finding]:
    """One for each rule, construct and resource."""
    text = (assembly.folder / "validation-report.json").read_text(encoding="utf-8")
    report = _Report.model_validate_json(text)
    if absent := _PACKS - {pack.name for pack in report.packs}:
        raise RulePacksDidNotRun(f"{assembly.target}: {', '.join(sorted(absent))} reported nothing at all")
    for pack in report.packs:
        for violation in pack.violations:
            detailed = _DETAILED.match(violation.rule)
            for construct in violation.constructs:
                yield Finding(
                    rule=detailed["rule"] if detailed else violation.rule,
                    resource=neutral(detailed["resource"], assembly.target) if detailed else "",
                    place=place(construct.path, assembly.target),
                    message=violation.description.partition(" - (")[0],
                    environment=assembly.target.environment,
                    region=assembly.target.region,
                )
