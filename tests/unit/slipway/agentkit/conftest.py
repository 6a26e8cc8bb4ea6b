from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from pydantic import PydanticDeprecatedSince20

from tests.unit.agents.world import SHOP, World

with warnings.catch_warnings():
    # The SDK still declares one model in pydantic's old way; it says so once, when it is first imported.
    warnings.simplefilter("ignore", PydanticDeprecatedSince20)
    import bedrock_agentcore  # noqa: F401


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.gateway.add("acme/shop", SHOP)
    return made
