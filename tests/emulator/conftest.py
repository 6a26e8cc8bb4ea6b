"""One emulator for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.emulator.emulator_process import Emulator


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    running = Emulator(tmp_path_factory.mktemp("emulator"))
    running.start()
    yield running
    running.stop()
