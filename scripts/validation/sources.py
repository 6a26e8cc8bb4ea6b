"""Findings in files of the checkout: bandit over our Python, zizmor and actionlint over shipped workflows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from local.supervisor.layout import ROOT
from scripts.validation.findings import Finding
from scripts.validation.programs import Programs, ValidatorFailed

_LOOSE = ConfigDict(frozen=True, extra="ignore")
_PACKAGES = ("slipway", "agents", "lambdas", "stacks", "local", "scripts", "app.py")
_SAMPLES = "local/sample_org/repositories"
_ACTIONLINT = Path(__file__).with_name("actionlint.mjs")
# zizmor says by its exit code which severity it met.
_ZIZMOR_CODES = (0, 10, 11, 12, 13, 14)


class _Issue(BaseModel):
    model_config = _LOOSE

    test_id: str
    filename: str
    line_number: int
    issue_text: str


class _BanditReport(BaseModel):
    model_config = _LOOSE

    errors: tuple[dict[str, str], ...]
    results: tuple[_Issue, ...]


class _File(BaseModel):
    model_config = _LOOSE

    path: str = Field(alias="verbatim_path")


class _Key(BaseModel):
    model_config = _LOOSE

    local: _File = Field(alias="Local")


class _Symbol(BaseModel):
    model_config = _LOOSE

    key: _Key


class _Spot(BaseModel):
    model_config = _LOOSE

    symbolic: _Symbol


class _Audit(BaseModel):
    model_config = _LOOSE

    ident: str
    desc: str
    locations: tuple[_Spot, ...]


class _Lint(BaseModel):
    model_config = _LOOSE

    file: str
    line: int
    message: str
    kind: str


def bandit(programs: Programs) -> Iterator[Finding]:
    """Insecure calls in everything that is ours; the sample organisation's code is its own."""
    output = programs.run(
        "bandit",
        *("--quiet", "--recursive", "--format", "json", "--configfile", "pyproject.toml"),
        *("--exclude", _SAMPLES, *_PACKAGES),
        accepted=(0, 1),
    )
    report = _BanditReport.model_validate_json(output)
    if report.errors:
        raise ValidatorFailed(f"bandit could not read {report.errors}")
    for issue in report.results:
        yield Finding(
            rule=issue.test_id,
            place=issue.filename.removeprefix("./"),
            message=f"line {issue.line_number}: {issue.issue_text}",
        )


def workflows(programs: Programs) -> Iterator[Finding]:
    """Mistakes and insecure steps in the GitHub workflows that we ship."""
    files = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob(f"{_SAMPLES}/*/.github/workflows/*.yml"))
    if not files:
        raise ValidatorFailed(f"no workflow below {_SAMPLES}; has the sample organisation moved?")
    audits = programs.run(
        "zizmor", *("--offline", "--quiet", "--format", "json", *files), accepted=_ZIZMOR_CODES
    )
    for audit in TypeAdapter(tuple[_Audit, ...]).validate_json(audits):
        yield Finding(
            rule=f"zizmor {audit.ident}",
            place=audit.locations[0].symbolic.key.local.path,
            message=audit.desc,
        )
    lints = TypeAdapter(tuple[_Lint, ...]).validate_json(programs.node(_ACTIONLINT, *files))
    for lint in lints:
        yield Finding(
            rule=f"actionlint {lint.kind}", place=lint.file, message=f"line {lint.line}: {lint.message}"
        )
