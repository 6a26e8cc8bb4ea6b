"""Evaluates every alarm from time to time, with dimensions, math and missing data."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from local.aws import patching
from local.aws.alarm_evaluation import judge, statistic_of
from local.aws.context import Context

logger = logging.getLogger(__name__)


def install(context: Context) -> None:
    """Take alarm evaluation over from ministack, which looks at alarms only when data is put."""
    from ministack.services import cloudwatch

    def leave_to_the_loop(alarm: object) -> None:
        del alarm

    patching.replace([cloudwatch], "_evaluate_alarm", leave_to_the_loop)
    stopped = threading.Event()
    context.on_stop(stopped.set)

    def loop() -> None:
        told: set[str] = set()
        while not stopped.wait(context.configuration.alarm_seconds):
            evaluate_all(told)

    threading.Thread(target=loop, daemon=True, name="alarms").start()


def evaluate_all(told: set[str]) -> None:
    """Move every alarm to the state that its data asks for; `told` are those whose failure was logged."""
    from ministack.core.responses import request_scope
    from ministack.services import cloudwatch

    for (account, region, name), alarm in list(cloudwatch._alarms._data.items()):
        try:
            with request_scope(account, region):
                verdict = judge(alarm, series, now=int(time.time()))
                if verdict is not None and verdict.state != alarm["StateValue"]:
                    request = {
                        "AlarmName": name,
                        "StateValue": verdict.state,
                        "StateReason": verdict.reason,
                    }
                    cloudwatch._set_alarm_state({}, request, False, True)
        except Exception:
            # One alarm that cannot be evaluated must not silence the others.
            if name not in told:
                logger.exception("alarm=<%s> | not evaluated", name)
                told.add(name)


def series(
    metric: Mapping[str, Any], period: int, statistic: str, starts: Sequence[int]
) -> list[float | None]:
    """One statistic of a metric for each period, from what ministack holds."""
    from ministack.services import cloudwatch

    dimensions = {entry["Name"]: entry["Value"] for entry in metric.get("Dimensions") or []}
    key = (metric["Namespace"], metric["MetricName"], cloudwatch._dims_key(dimensions))
    points = list(cloudwatch._metrics.get(key) or [])
    return [
        statistic_of([p["Value"] for p in points if start <= p["Timestamp"] < start + period], statistic)
        for start in starts
    ]
