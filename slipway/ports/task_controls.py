"""What bounds and steers tasks: places in repositories, agents kept off, what people on call ordered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from slipway.domain.controls import Controls


class TaskControls(Protocol):
    """Kept with the tasks, so that every process and every restart sees the same."""

    def take_places(self, task_id: str, repositories: Sequence[str], *, places: int) -> bool:
        """A place in each repository, or in none; True again for whoever has them. Its end frees them."""
        ...

    def holders(self, repository: str) -> frozenset[str]:
        """Ids that have a place in the repository."""
        ...

    def switch_agents(self, repository: str, number: int, *, off_by: str | None) -> None:
        """Keep agents off a pull request in the name of a person; None lets them on again."""
        ...

    def agents_off(self, repository: str, number: int) -> str | None:
        """Who keeps agents off this pull request."""
        ...

    def controls(self) -> Controls:
        """The order in force."""
        ...

    def order(self, controls: Controls) -> None:
        """Replace the order in force."""
        ...
