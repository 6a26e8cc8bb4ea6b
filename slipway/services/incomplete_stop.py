"""What cannot be stopped is said in the task's history; it keeps nothing else from being stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from slipway.domain.errors import SlipwayError
from slipway.domain.event import EventKind
from slipway.ports.platform import Platform


@contextmanager
def recorded(task_id: str, what: str, platform: Platform) -> Iterator[None]:
    """Record that `what` could not be stopped, and go on."""
    try:
        yield
    except SlipwayError as error:
        platform.event_log.append(task_id, EventKind.STOP_INCOMPLETE, f"{what} could not be stopped: {error}")
