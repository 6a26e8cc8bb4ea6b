"""Keeps the emulator small over days: old log streams and old metric data are dropped."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, MutableMapping
from typing import Any

from local.aws.context import Context

logger = logging.getLogger(__name__)

INTERVAL_SECONDS = 60.0
STREAMS_PER_GROUP = 300
"""Every Lambda invocation has a stream of its own."""
METRIC_SECONDS = 24 * 3600.0


def install(context: Context) -> None:
    """Drop old data from time to time."""
    stopped = threading.Event()
    context.on_stop(stopped.set)

    def loop() -> None:
        while not stopped.wait(INTERVAL_SECONDS):
            try:
                drop_old_data(now=time.time())
            except RuntimeError as error:
                # The data changed while it was looked at; the next round drops it.
                logger.debug("old data not dropped: %s", error)

    threading.Thread(target=loop, daemon=True, name="retention").start()


def drop_old_data(*, now: float) -> None:
    """Drop what is beyond the limits, in all accounts and regions."""
    from ministack.services import cloudwatch, cloudwatch_logs

    for group in list(cloudwatch_logs._log_groups._data.values()):
        drop_old_streams(group["streams"])
    for key, points in list(cloudwatch._metrics._data.items()):
        cloudwatch._metrics._data[key] = [p for p in points if p["Timestamp"] > now - METRIC_SECONDS]


def drop_old_streams(streams: MutableMapping[str, Mapping[str, Any]]) -> None:
    """Keep the youngest streams of a log group, by their last event."""
    surplus = len(streams) - STREAMS_PER_GROUP
    if surplus <= 0:
        return
    by_age = sorted(streams, key=lambda name: streams[name].get("lastEventTimestamp") or 0)
    for name in by_age[:surplus]:
        del streams[name]
