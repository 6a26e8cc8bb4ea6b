"""The sample repositories are real: their own checks pass where an agent and their CI would run them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from local import sample_org
from slipway.domain.repository_config import detect, parse
from tests.sample_org.checkout import REPOSITORIES, Checkout, files_of


@pytest.fixture(params=REPOSITORIES)
def repository(request: pytest.FixtureRequest) -> Path:
    return REPOSITORIES[request.param]


def test_there_are_several_and_one_needs_another() -> None:
    configs = {name: parse((path / ".slipway.yml").read_text()) for name, path in REPOSITORIES.items()}
    needed = {full_name for config in configs.values() for full_name in config.depends_on}
    assert len(REPOSITORIES) >= 4
    assert needed
    assert needed <= {f"{sample_org.ORGANIZATION}/{name}" for name in REPOSITORIES}


def test_its_own_checks_pass_in_the_sandbox(repository: Path, check_out: Callable[[str], Checkout]) -> None:
    checkout = check_out(repository.name)
    for command in (*checkout.config.test, *checkout.config.lint, *checkout.config.format):
        done = checkout.run(command)
        assert done.exit_code == 0, f"{command}: {done.stdout}{done.stderr}"


def test_ci_runs_what_the_configuration_names(repository: Path) -> None:
    config = parse((repository / ".slipway.yml").read_text())
    workflow = yaml.safe_load((repository / ".github" / "workflows" / "ci.yml").read_text())
    (job,) = workflow["jobs"].values()
    runs = {step["run"] for step in job["steps"] if "run" in step}
    assert {*config.test, *config.lint, *config.format} <= runs


def test_the_same_is_detected_without_the_file(repository: Path) -> None:
    files = files_of(repository)
    written = parse(files.pop(".slipway.yml"))
    seen = detect(files)
    for field in ("test", "lint", "format", "fix", "source", "tests", "depends_on"):
        assert getattr(seen, field) == getattr(written, field)


def test_it_is_a_repository_that_a_person_would_recognise(repository: Path) -> None:
    files = files_of(repository)
    assert {"README.md", "pyproject.toml", ".gitignore", ".github/workflows/ci.yml"} <= set(files)
    assert any(path.startswith("tests/test_") for path in files)
