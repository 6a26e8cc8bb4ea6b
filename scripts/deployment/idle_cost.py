"""How much of each rate the resources of the templates use by existing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from scripts.deployment.assembly import Assembly, Resource, Template
from slipway.domain.errors import InvalidInput
from slipway.domain.prices import Prices

MINUTES_A_MONTH = 365 * 24 * 60 / 12
SCHEDULED_SECONDS = 0.5
"""Assumed duration of a scheduled call that finds nothing to do."""
SCHEDULED_LOG_GB = 0.8e-6
"""Assumed log of such a call: the service's own three lines."""
REMOTE_TOOLS = 60
"""Assumed tools of a gateway target whose server lists them."""
QUEUE_POLLS = 5 * 3 * MINUTES_A_MONTH
"""Long polls of 20 seconds by the five pollers that Lambda keeps for a queue."""
_DEFAULT_MEMORY_MB = 128
_EVERY = re.compile(r"rate\((?P<count>\d+) (?P<unit>minute|hour|day)s?\)")
_MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60}


@dataclass(frozen=True, kw_only=True)
class IdleUse:
    """All resources of one type, and what they use of one rate in a month."""

    resource_type: str
    resources: int
    rate: str
    quantity: float


def idle_use(assembly: Assembly, prices: Prices) -> list[IdleUse]:
    """One entry for each type and rate; a type that the price file does not know is refused."""
    found: dict[tuple[str, str], tuple[int, float]] = {}
    for stack, _, resource in assembly.resources():
        if prices.kind(resource.kind) != "fixed":
            continue
        for entry in prices.fixed[resource.kind]:
            count, quantity = found.get((resource.kind, entry.rate), (0, 0.0))
            used = _COUNTS[entry.count](resource, stack.template)
            found[resource.kind, entry.rate] = count + 1, quantity + used
    return [
        IdleUse(resource_type=kind, resources=count, rate=rate, quantity=quantity)
        for (kind, rate), (count, quantity) in sorted(found.items())
    ]


def _one(_: Resource, __: Template) -> float:
    return 1


def _alarm_metrics(alarm: Resource, _: Template) -> float:
    """Each metric of an expression is charged; a band of expected values counts as two more."""
    queries = _objects(alarm.properties.get("Metrics"))
    if not queries:
        return 1
    metrics = sum("MetricStat" in query for query in queries)
    return metrics * (3 if "ANOMALY_DETECTION_BAND" in json.dumps(queries) else 1)


def _web_acl_rules(web_acl: Resource, _: Template) -> float:
    return len(_objects(web_acl.properties.get("Rules")))


def _gateway_tools(target: Resource, _: Template) -> float:
    inline = re.search(r'"InlinePayload": (\[.*\])', json.dumps(target.properties))
    if inline is None:
        return REMOTE_TOOLS
    tools, _end = json.JSONDecoder().raw_decode(inline[1])
    return len(tools)


def _queue_polls(mapping: Resource, _: Template) -> float:
    """Lambda reads streams without charge; only a queue is polled by requests."""
    return 0 if "StartingPosition" in mapping.properties else QUEUE_POLLS


def _scheduled_calls(rule: Resource, template: Template) -> float:
    return _calls(rule) * len(list(_targets(rule, template)))


def _scheduled_gb_seconds(rule: Resource, template: Template) -> float:
    memory = sum(_memory_mb(target) for target in _targets(rule, template)) / 1024
    return _calls(rule) * memory * SCHEDULED_SECONDS


def _scheduled_log_gb(rule: Resource, template: Template) -> float:
    return _scheduled_calls(rule, template) * SCHEDULED_LOG_GB


def _calls(rule: Resource) -> float:
    """Times a month that a schedule fires; a rule that waits for events fires by use, not by existing."""
    schedule = rule.properties.get("ScheduleExpression")
    if not isinstance(schedule, str):
        return 0
    if every := _EVERY.fullmatch(schedule):
        return MINUTES_A_MONTH / (int(every["count"]) * _MINUTES[every["unit"]])
    if schedule.startswith("cron("):
        minute, hour, day, _month, weekday = schedule.removeprefix("cron(").removesuffix(")").split()[:5]
        days = min(_times(day, 30.4), _times(weekday, 7) * 4.345)
        return _times(minute, 60) * _times(hour, 24) * days
    if schedule.startswith("at("):
        return 0
    raise InvalidInput(f"schedule {schedule!r} is neither rate(...), cron(...) nor at(...)")


def _times(field: str, whole: float) -> float:
    """How many values a cron field stands for."""
    if field in {"*", "?"}:
        return whole
    if "/" in field:
        return whole / int(field.partition("/")[2])
    if "-" in field and field.replace("-", "").isdigit():
        first, _, last = field.partition("-")
        return int(last) - int(first) + 1
    # MON-FRI and lists.
    return 5 if "-" in field else len(field.split(","))


def _targets(rule: Resource, template: Template) -> Iterator[Resource]:
    """Functions of the same template that the rule or schedule calls."""
    single = rule.properties.get("Target")
    for target in [*_objects(rule.properties.get("Targets")), *_objects([single])]:
        arn = target.get("Arn")
        reference = arn.get("Fn::GetAtt") if isinstance(arn, dict) else None
        if isinstance(reference, list) and isinstance(reference[0], str):
            found = template.resources.get(reference[0])
            if found is not None and found.kind == "AWS::Lambda::Function":
                yield found


def _memory_mb(function: Resource) -> float:
    memory = function.properties.get("MemorySize")
    return memory if isinstance(memory, int | float) else _DEFAULT_MEMORY_MB


def _objects(value: JsonValue) -> list[dict[str, JsonValue]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


_COUNTS: Mapping[str, Callable[[Resource, Template], float]] = {
    "one": _one,
    "alarm_metrics": _alarm_metrics,
    "gateway_tools": _gateway_tools,
    "queue_polls": _queue_polls,
    "scheduled_calls": _scheduled_calls,
    "scheduled_gb_seconds": _scheduled_gb_seconds,
    "scheduled_log_gb": _scheduled_log_gb,
    "web_acl_rules": _web_acl_rules,
}
