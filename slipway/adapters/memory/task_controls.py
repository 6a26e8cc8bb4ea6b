"""Places, switches and orders in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from slipway.domain.controls import Controls


@dataclass(frozen=True, kw_only=True)
class MemoryTaskControls:
    """Single reads and writes of a dict need no lock; the places are changed under the tasks' one."""

    places: dict[str, set[str]] = field(default_factory=dict)
    switched_off: dict[tuple[str, int], str] = field(default_factory=dict)
    orders: list[Controls] = field(default_factory=list)

    def take_places(self, task_id: str, repositories: Sequence[str], *, places: int) -> bool:
        """All or none."""
        held = [self.places.setdefault(name.lower(), set()) for name in repositories]
        if any(task_id not in one and len(one) >= places for one in held):
            return False
        for one in held:
            one.add(task_id)
        return True

    def holders(self, repository: str) -> frozenset[str]:
        """Ids that have a place."""
        return frozenset(self.places.get(repository.lower(), ()))

    def switch_agents(self, repository: str, number: int, *, off_by: str | None) -> None:
        """Off in the name of a person, or on."""
        key = (repository.lower(), number)
        if off_by is None:
            self.switched_off.pop(key, None)
        else:
            self.switched_off[key] = off_by

    def agents_off(self, repository: str, number: int) -> str | None:
        """Who keeps agents off."""
        return self.switched_off.get((repository.lower(), number))

    def controls(self) -> Controls:
        """The latest order."""
        return self.orders[-1] if self.orders else Controls()

    def order(self, controls: Controls) -> None:
        """Replace the order in force."""
        self.orders.append(controls)

    def _free_places(self, task_id: str) -> None:
        for held in self.places.values():
            held.discard(task_id)
