"""Reads metrics out of log lines in CloudWatch's embedded metric format."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Datum:
    """One value of one metric with one set of dimensions."""

    namespace: str
    name: str
    value: float
    unit: str
    dimensions: dict[str, str]


def read_metrics(line: str) -> list[Datum]:
    """Every datum that a log line carries; none when it is not in the format."""
    start = line.find("{")
    if start < 0 or '"_aws"' not in line:
        return []
    try:
        document = json.loads(line[start:])
    except ValueError:
        return []
    if not isinstance(document, dict) or not isinstance(document.get("_aws"), dict):
        return []
    directives = document["_aws"].get("CloudWatchMetrics")
    return [datum for directive in directives or [] for datum in _directive(directive, document)]


def _directive(directive: dict[str, object], document: dict[str, object]) -> Iterator[Datum]:
    dimension_sets = directive.get("Dimensions") or [[]]
    metrics = directive.get("Metrics") or []
    if not isinstance(dimension_sets, list) or not isinstance(metrics, list):
        return
    for names in dimension_sets:
        dimensions = {name: str(document[name]) for name in names if name in document}
        for metric in metrics:
            found = document.get(metric["Name"])
            for value in found if isinstance(found, list) else [found]:
                if isinstance(value, int | float) and not isinstance(value, bool):
                    yield Datum(
                        namespace=str(directive.get("Namespace", "")),
                        name=metric["Name"],
                        value=float(value),
                        unit=metric.get("Unit", "None"),
                        dimensions=dimensions,
                    )
