"""Where other systems hear what happens to tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from slipway.domain.task_change import TaskChange


class EventBus(Protocol):
    """At least once, in no particular order."""

    def publish(self, changes: Sequence[TaskChange]) -> None:
        """Tell everybody who listens; raises Throttled or UpstreamUnavailable when not all were taken."""
        ...
