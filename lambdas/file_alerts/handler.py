"""The stream of the errors table: an alert waits for its ticket and its task."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lambdas.process import logger, platform
from slipway.domain.alert import AlertState
from slipway.domain.intake.delivery import is_object, objects, text
from slipway.services.file_alert import file_alert


def handler(event: Mapping[str, object], _context: object) -> dict[str, list[str]]:
    """What raises is delivered again and ends in the dead-letter queue; what was filed is not filed twice."""
    filed = [task for subject in waiting(event) if (task := file_alert(subject, platform())) is not None]
    logger().info("filed=<%s> | alerts became tasks", len(filed))
    return {"filed": filed}


def waiting(event: Mapping[str, object]) -> Iterator[str]:
    """Subjects of the alerts whose new image waits, each once."""
    if not is_object(event):
        return
    yield from dict.fromkeys(
        text(record, "dynamodb", "Keys", "pk", "S").removeprefix("ALERT#")
        for record in objects(event, "Records")
        if text(record, "dynamodb", "NewImage", "state", "S") == AlertState.WAITING
    )
