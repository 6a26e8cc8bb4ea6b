"""The stream of the tasks table: a task was queued, or one ended and freed its slot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lambdas.process import logger, platform
from slipway.domain.intake.delivery import is_object, objects, text
from slipway.services.dispatch_tasks import dispatch_tasks


def handler(event: Mapping[str, object], _context: object) -> dict[str, list[str]]:
    """The records only say that something changed; what to start is read from the table."""
    started = dispatch_tasks(platform(), seen=dict.fromkeys(queued(event)))
    logger().info("started=<%s> | dispatched", len(started))
    return {"started": started}


def queued(event: Mapping[str, object]) -> Iterator[str]:
    """Ids of the tasks whose new image is queued."""
    if not is_object(event):
        return
    for record in objects(event, "Records"):
        if text(record, "dynamodb", "NewImage", "state", "S") == "queued":
            yield text(record, "dynamodb", "Keys", "pk", "S").removeprefix("TASK#")
