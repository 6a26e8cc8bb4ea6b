"""People are told best effort: a chat or tracker that is down never breaks a task, and is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from slipway.domain.errors import SlipwayError
from slipway.domain.event import EventKind
from slipway.domain.metrics import Metric
from slipway.ports.platform import Platform


@contextmanager
def telling(platform: Platform, task_id: str, *, where: str) -> Iterator[None]:
    """Record that `where` could not be told, and go on."""
    try:
        yield
    except SlipwayError as error:
        platform.metrics.count(Metric.NOTIFICATIONS_FAILED)
        platform.event_log.append(
            task_id, EventKind.NOTIFICATION_FAILED, f"{where} could not be told: {error}"
        )
