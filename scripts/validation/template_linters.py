"""Findings of cfn-lint and checkov over synthesized templates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from scripts.synthesis import REGIONS, Assembly
from scripts.validation.findings import ConstructPaths, Finding
from scripts.validation.programs import Programs, ValidatorFailed

_LOOSE = ConfigDict(frozen=True, extra="ignore")
# cfn-lint reports with these codes as well: they are sums of finding levels, not failures.
_LINT_CODES = range(0, 16)


class _Rule(BaseModel):
    model_config = _LOOSE

    id: str = Field(alias="Id")


class _Location(BaseModel):
    model_config = _LOOSE

    path: tuple[str | int, ...] | None = Field(alias="Path")


class _Match(BaseModel):
    model_config = _LOOSE

    file: str = Field(alias="Filename")
    message: str = Field(alias="Message")
    rule: _Rule = Field(alias="Rule")
    location: _Location = Field(alias="Location")


class _Check(BaseModel):
    model_config = _LOOSE

    id: str = Field(alias="check_id")
    name: str = Field(alias="check_name")
    file: str = Field(alias="file_path")
    resource: str


class _Checks(BaseModel):
    model_config = _LOOSE

    failed: tuple[_Check, ...] = Field(alias="failed_checks")


class _Summary(BaseModel):
    model_config = _LOOSE

    unreadable: int = Field(alias="parsing_errors")


class _CheckovReport(BaseModel):
    model_config = _LOOSE

    results: _Checks
    summary: _Summary


def cfn_lint(assemblies: Sequence[Assembly], programs: Programs) -> Iterator[Finding]:
    """Schema, reference and value errors; W3005 is off because CDK writes every dependency out."""
    templates = [str(path) for assembly in assemblies for path in assembly.templates]
    output = programs.run(
        "cfn-lint",
        *("--ignore-checks", "W3005", "--format", "json", "--regions", *REGIONS, "--template", *templates),
        accepted=_LINT_CODES,
    )
    by_folder = {assembly.folder: assembly for assembly in assemblies}
    for match in TypeAdapter(tuple[_Match, ...]).validate_json(output):
        template = Path(match.file)
        assembly = by_folder[template.parent]
        path = match.location.path or ()
        named = str(path[1]) if len(path) > 1 else template.name
        yield Finding(
            rule=match.rule.id,
            place=ConstructPaths(assembly).of(template.name, named),
            message=match.message,
            environment=assembly.target.environment,
            region=assembly.target.region,
        )


def checkov(assemblies: Sequence[Assembly], programs: Programs) -> Iterator[Finding]:
    """Checkov's CloudFormation policies; it is given no key and asked for no download."""
    by_name = {assembly.folder.name: assembly for assembly in assemblies}
    (root,) = {assembly.folder.parent for assembly in assemblies}
    output = programs.run(
        "checkov",
        *("--directory", str(root), "--framework", "cloudformation"),
        *("--quiet", "--compact", "--output", "json", "--skip-download"),
        accepted=(0, 1),
    )
    report = _CheckovReport.model_validate_json(output)
    if report.summary.unreadable:
        raise ValidatorFailed(f"checkov could not read {report.summary.unreadable} files below {root}")
    for check in report.results.failed:
        template = Path(check.file)
        assembly = by_name[template.parent.name]
        yield Finding(
            rule=check.id,
            place=ConstructPaths(assembly).of(template.name, check.resource.rpartition(".")[2]),
            message=check.name,
            environment=assembly.target.environment,
            region=assembly.target.region,
        )
