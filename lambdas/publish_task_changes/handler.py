"""The stream of the tasks table: what changed its state is told on the event bus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from lambdas.process import logger, settings
from slipway import bootstrap
from slipway.adapters.aws.stream_images import images
from slipway.domain.task_change import TaskChange, task_change
from slipway.ports.event_bus import EventBus


@cache
def bus() -> EventBus:
    """Made on the first change."""
    return bootstrap.event_bus(settings())


def handler(event: Mapping[str, object], _context: object) -> dict[str, int]:
    """How many changes were published; one that is refused has the whole batch sent again."""
    changes = list(changes_of(event))
    if changes:
        bus().publish(changes)
    logger().info("changes=<%s> | published", len(changes))
    return {"published": len(changes)}


def changes_of(event: Mapping[str, object]) -> Iterator[TaskChange]:
    """Records whose write changed the state of a task; a redriven batch also holds rows of other kinds."""
    for before, after in images(event):
        if after["sk"] == "TASK" and (change := task_change(before, after)):
            yield change
