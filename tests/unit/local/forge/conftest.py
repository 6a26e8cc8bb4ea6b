"""One started forge per test module; tests use repositories of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.local.forge.forge_world import World, a_forge


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with a_forge(tmp_path_factory.mktemp("forge")) as started:
        yield started
