"""One laptop for all end-to-end tests: started once, in a folder of its own, gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.supervisor.laptop import start_detached, take_down
from local.supervisor.layout import layout
from tests.e2e.laptop import Laptop


@pytest.fixture(scope="session")
def laptop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Laptop]:
    state: Path = tmp_path_factory.mktemp("laptop")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SLIPWAY_LAPTOP", str(state))
        where = layout()
        try:
            laptop = Laptop.of(start_detached(where, say=print), state=state)
            yield laptop
            laptop.close()
        finally:
            take_down(where)
