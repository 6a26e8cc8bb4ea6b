from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.agents.world import SHOP, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.gateway.add("acme/shop", SHOP)
    made.gateway.add("acme/docs", {"README.md": "# docs\n"})
    return made
