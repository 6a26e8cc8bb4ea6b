"""Decides the state of a CloudWatch alarm from its definition and the data of its metrics."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.aws import metric_math

# An alarm is a document of the CloudWatch API: mixed values by name.
Alarm = Mapping[str, Any]
Series = Callable[[Mapping[str, Any], int, str, Sequence[int]], "list[float | None]"]
"""(metric, period, statistic, period starts) -> one value per period, None where there is no data."""

BAND = re.compile(r"ANOMALY_DETECTION_BAND\((?P<metric>\w+)(?:,\s*(?P<width>[\d.]+))?\)")
BAND_HISTORY = 36
BAND_MINIMUM = 3
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": lambda value, limit: value >= limit,
    "GreaterThanThreshold": lambda value, limit: value > limit,
    "LessThanOrEqualToThreshold": lambda value, limit: value <= limit,
    "LessThanThreshold": lambda value, limit: value < limit,
}


@dataclass(frozen=True)
class Verdict:
    """What an alarm should be, and why."""

    state: str
    reason: str


def judge(alarm: Alarm, series: Series, *, now: int) -> Verdict | None:
    """The state of an alarm at a time; None when it must stay as it is."""
    periods = int(alarm.get("EvaluationPeriods") or 1)
    period = period_of(alarm)
    starts = [now - now % period - period * index for index in range(periods + 1)]
    found = breaches_of(alarm, series, period, starts)
    if missing_counts_as(alarm) and found[0] is None:
        # What has only begun cannot be missing yet, nor what was before the alarm: each laptop starts anew.
        if now - int(alarm.get("AlarmConfigurationUpdatedTimestamp") or 0) < (periods + 1) * period:
            return None
        found = found[1:]
    breaches = [missing_counts_as(alarm) if breach is None else breach for breach in found[:periods]]
    treatment = alarm.get("TreatMissingData") or "missing"
    if all(breach is None for breach in breaches):
        return (
            None if treatment == "ignore" else Verdict("INSUFFICIENT_DATA", f"no data in {periods} periods")
        )
    needed = int(alarm.get("DatapointsToAlarm") or periods)
    breaching = sum(breach is True for breach in breaches)
    reason = f"{breaching} of {periods} periods of {period} s breach; {needed} are needed"
    return Verdict("ALARM" if breaching >= needed else "OK", reason)


def missing_counts_as(alarm: Alarm) -> bool | None:
    """Whether a period without data breaches; None when it does not count."""
    return {"breaching": True, "notBreaching": False}.get(alarm.get("TreatMissingData") or "missing")


def period_of(alarm: Alarm) -> int:
    """The length of one evaluation period."""
    stats = [metric["MetricStat"] for metric in alarm.get("Metrics") or [] if metric.get("MetricStat")]
    return max([int(stat["Period"]) for stat in stats], default=int(alarm.get("Period") or 60))


def breaches_of(alarm: Alarm, series: Series, period: int, starts: Sequence[int]) -> list[bool | None]:
    """For each period whether it breaches; None without data."""
    metrics = alarm.get("Metrics")
    compare = COMPARISONS.get(alarm.get("ComparisonOperator", ""), COMPARISONS["GreaterThanThreshold"])
    limit = float(alarm.get("Threshold") or 0)
    if not metrics:
        statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
        values = series(alarm, period, statistic, starts)
        return [None if value is None else compare(value, limit) for value in values]
    named = {
        metric["Id"]: series(metric["MetricStat"]["Metric"], period, metric["MetricStat"]["Stat"], starts)
        for metric in metrics
        if metric.get("MetricStat")
    }
    for metric in metrics:
        if band := BAND.fullmatch(metric.get("Expression") or ""):
            return outside_band(metrics, band, series, period, starts, named)
    values = combined(metrics, named, len(starts))
    return [None if value is None else compare(value, limit) for value in values]


def combined(
    metrics: Sequence[Alarm], named: Mapping[str, list[float | None]], count: int
) -> list[float | None]:
    """The values of the metric or expression that the alarm watches."""
    everything = dict(named)
    expressions = [metric for metric in metrics if metric.get("Expression")]
    pending = list(expressions)
    while pending:
        metric = pending.pop(0)
        references = set(re.findall(r"\b[a-z]\w*\b", metric["Expression"]))
        if references & {other["Id"] for other in pending}:
            pending.append(metric)
            continue
        everything[metric["Id"]] = [
            metric_math.evaluate(metric["Expression"], {name: row[index] for name, row in everything.items()})
            for index in range(count)
        ]
    watched = next((metric for metric in metrics if metric.get("ReturnData", True)), metrics[-1])
    return everything[watched["Id"]]


def outside_band(
    metrics: Sequence[Alarm],
    band: re.Match[str],
    series: Series,
    period: int,
    starts: Sequence[int],
    named: Mapping[str, list[float | None]],
) -> list[bool | None]:
    """A plain stand-in for anomaly detection: mean and deviation of the recent past."""
    stat = next(metric["MetricStat"] for metric in metrics if metric["Id"] == band["metric"])
    past = [starts[-1] - period * index for index in range(1, BAND_HISTORY + 1)]
    history = [value for value in series(stat["Metric"], period, stat["Stat"], past) if value is not None]
    if len(history) < BAND_MINIMUM:
        return [None] * len(starts)
    middle, width = statistics.fmean(history), float(band["width"] or 2) * statistics.pstdev(history)
    return [None if value is None else abs(value - middle) > width for value in named[band["metric"]]]


def statistic_of(values: Sequence[float], statistic: str) -> float | None:
    """One CloudWatch statistic over the values of a period."""
    if not values:
        return None
    if statistic.startswith("p"):
        ordered = sorted(values)
        return ordered[min(len(ordered) - 1, int(len(ordered) * float(statistic[1:]) / 100))]
    simple: dict[str, Callable[[Sequence[float]], float]] = {
        "Average": statistics.fmean,
        "Maximum": max,
        "Minimum": min,
        "SampleCount": lambda points: float(len(points)),
        "Sum": lambda points: float(sum(points)),
    }
    return simple.get(statistic, statistics.fmean)(values)
