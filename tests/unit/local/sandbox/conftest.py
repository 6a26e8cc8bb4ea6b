"""The toolchain and every executor that works on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.sandbox import Executor, open_executor
from local.sandbox.toolchain import ensure_toolchain

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="session")
def installed() -> Path:
    """The checkout's own sandbox toolchain, made on first use."""
    return ensure_toolchain(ROOT / ".slipway" / "toolchain")


@pytest.fixture(params=["bubblewrap", "namespaces", "limited"])
def executor(request: pytest.FixtureRequest, installed: Path) -> Executor:
    """Each kind of executor; one that this machine cannot run is skipped by name."""
    try:
        return open_executor(installed, only=request.param)
    except RuntimeError as reason:
        pytest.skip(str(reason))
