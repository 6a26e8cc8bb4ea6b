"""What `pip install` does in a runner without a network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from local.forge.actions.workspace import SHIMS


def run_python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(SHIMS),
        "FORGE_EDITABLES": str(folder / "editables"),
    }
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=env, capture_output=True, text=True, check=False
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "src" / "tool").mkdir(parents=True)
    (tmp_path / "src" / "tool" / "__init__.py").write_text("ANSWER = 42\n")
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "tool"\nversion = "1"\ndependencies = ["pytest"]\n'
        '[project.optional-dependencies]\nextra = ["no-such-package==1"]\n'
    )
    return tmp_path


def test_a_project_installed_in_place_can_be_imported_at_once(project: Path) -> None:
    done = run_python(project, "-m", "pip", "install", "-q", "-e", ".")
    assert (done.returncode, done.stderr) == (0, "")
    assert run_python(project, "-c", "import tool; print(tool.ANSWER)").stdout == "42\n"


def test_a_missing_package_fails_in_pips_own_words(project: Path) -> None:
    done = run_python(project, "-m", "pip", "install", "-e", ".[extra]")
    assert done.returncode == 1
    assert "ERROR: No matching distribution found for no-such-package==1" in done.stderr


def test_another_version_than_the_one_asked_for_is_used_and_said(project: Path) -> None:
    (project / "requirements.txt").write_text("# tools\npytest==1.0 \\\n  --hash=sha256:00\n-c limits.txt\n")
    done = run_python(project, "-m", "pip", "install", "-r", "requirements.txt")
    assert done.returncode == 0
    assert "for pytest==1.0: this runner has no network" in done.stdout


def test_a_requirement_for_another_platform_is_left_out(project: Path) -> None:
    done = run_python(project, "-m", "pip", "install", 'nothing; sys_platform == "win32"')
    assert done.returncode == 0


def test_a_sibling_that_was_installed_in_place_satisfies_a_requirement(project: Path) -> None:
    assert run_python(project, "-m", "pip", "install", "./").returncode == 0
    assert run_python(project, "-m", "pip", "install", "tool>=1").returncode == 0


def test_a_requirements_file_that_is_not_there_is_an_error(project: Path) -> None:
    done = run_python(project, "-m", "pip", "install", "-r", "missing.txt")
    assert done.returncode == 1
    assert "Could not open requirements file" in done.stderr
