"""A sandbox for the sample organisation's repositories."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from local.sandbox import Executor, open_executor
from local.sandbox.toolchain import ensure_toolchain
from slipway.domain.repository_config import dependency_folder, parse
from tests.sample_org.checkout import REPOSITORIES, Checkout

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def executor() -> Executor:
    """The strongest executor of this machine."""
    return open_executor(ensure_toolchain(ROOT / ".slipway" / "toolchain"))


@pytest.fixture
def check_out(tmp_path: Path, executor: Executor) -> Callable[[str], Checkout]:
    """Copies a repository, by its name."""

    def copy(name: str) -> Checkout:
        folder = tmp_path / name
        shutil.copytree(REPOSITORIES[name], folder)
        config = parse((folder / ".slipway.yml").read_text())
        for dependency in config.depends_on:
            source = REPOSITORIES[dependency.rpartition("/")[2]]
            shutil.copytree(source, folder / dependency_folder(dependency))
        return Checkout(folder=folder, config=config, executor=executor)

    return copy
