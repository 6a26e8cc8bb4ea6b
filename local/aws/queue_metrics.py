"""How many messages wait in each queue, as SQS tells CloudWatch."""

from __future__ import annotations

import threading
import time

from local.aws import metrics
from local.aws.context import Context

REPEAT_SECONDS = 30
"""SQS tells every minute; what did not change is told half as seldom here, so that a short period sees it."""


def install(context: Context) -> None:
    """Look at all queues from time to time."""
    stopped = threading.Event()
    context.on_stop(stopped.set)
    depths = QueueDepths()

    def loop() -> None:
        while not stopped.wait(context.configuration.alarm_seconds):
            depths.record(now=time.time())

    threading.Thread(target=loop, daemon=True, name="queue-metrics").start()


class QueueDepths:
    """Tells what changed at once, what waits again and again, and of an empty queue nothing."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str, str], tuple[int, float]] = {}

    def record(self, *, now: float) -> None:
        """One look at all queues of all accounts."""
        from ministack.core.responses import request_scope
        from ministack.services import sqs

        for (account, region, url), queue in list(sqs._queues._data.items()):
            visible = sum(message.get("visible_at", 0) <= now for message in list(queue["messages"]))
            key = (account, region, str(url))
            if not self.is_news(key, visible, now=now):
                continue
            with request_scope(account, region):
                metrics.record(
                    "AWS/SQS",
                    "ApproximateNumberOfMessagesVisible",
                    float(visible),
                    unit="Count",
                    dimensions={"QueueName": str(url).rpartition("/")[2]},
                )

    def is_news(self, key: tuple[str, str, str], visible: int, *, now: float) -> bool:
        """Whether to tell, which is remembered."""
        before, at = self._told.get(key, (0, 0.0))
        if visible == before and (visible == 0 or now - at < REPEAT_SECONDS):
            return False
        self._told[key] = (visible, now)
        return True
