"""What S3 Vectors accepts: its limits, the metadata of a vector, and the filters over it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence

VECTORS_IN_A_REQUEST = 500
KEYS_IN_A_GET = 100
TOP_K = 100
LIST_PAGE = 1000
DIMENSIONS = 4096
FILTERABLE_BYTES = 2048
METADATA_BYTES = 40 * 1024
METADATA_KEYS = 50
NON_FILTERABLE_KEYS = 10
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_METRICS = ("cosine", "euclidean")

Metadata = Mapping[str, object]


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status, self.kind = status, kind


def invalid(message: str) -> Refused:
    """The request breaks a rule."""
    return Refused(400, "ValidationException", message)


def require_name(name: object, *, what: str) -> str:
    """A name of a bucket or an index."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise invalid(f"{what} {name!r} must be 3 to 63 lower-case letters, digits, dots and hyphens")
    return name


def require_index(dimension: object, metric: object, data_type: object, hidden: Sequence[object]) -> None:
    """The settings of a new index."""
    if not isinstance(dimension, int) or not 1 <= dimension <= DIMENSIONS:
        raise invalid(f"dimension must be 1 to {DIMENSIONS}, not {dimension!r}")
    if metric not in _METRICS:
        raise invalid(f"distanceMetric must be one of {', '.join(_METRICS)}, not {metric!r}")
    if data_type != "float32":
        raise invalid(f"dataType must be float32, not {data_type!r}")
    if len(hidden) > NON_FILTERABLE_KEYS:
        raise invalid(f"at most {NON_FILTERABLE_KEYS} metadata keys can be non-filterable")


def require_numbers(data: object, *, dimension: int, metric: str) -> list[float]:
    """The numbers of a vector that fits its index."""
    numbers = data.get("float32") if isinstance(data, dict) else None
    if not isinstance(numbers, list) or not all(
        isinstance(number, int | float) and math.isfinite(number) for number in numbers
    ):
        raise invalid("vector data must be {float32: [numbers]}, each of them finite")
    if len(numbers) != dimension:
        raise invalid(f"the vector has {len(numbers)} dimensions; the index has {dimension}")
    if metric == "cosine" and not any(numbers):
        raise invalid("a vector of zeros has no cosine distance")
    return [float(number) for number in numbers]


def require_metadata(metadata: object, *, hidden: frozenset[str]) -> dict[str, object]:
    """Metadata within the sizes; only keys that are not `hidden` count for the smaller one."""
    if not isinstance(metadata, dict):
        raise invalid("metadata must be an object")
    if len(metadata) > METADATA_KEYS:
        raise invalid(f"metadata has {len(metadata)} keys; at most {METADATA_KEYS} are allowed")
    for key, value in metadata.items():
        if not _is_value(value):
            raise invalid(f"metadata {key!r} must be text, a number, a boolean or a list of these")
    shown = {key: value for key, value in metadata.items() if key not in hidden}
    for part, limit, what in (
        (shown, FILTERABLE_BYTES, "filterable metadata"),
        (metadata, METADATA_BYTES, "metadata"),
    ):
        size = len(json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode())
        if size > limit:
            raise invalid(f"{what} has {size} bytes; at most {limit} are allowed")
    return metadata


def matches(wanted: object, metadata: Metadata, *, hidden: frozenset[str]) -> bool:
    """Whether metadata satisfies a filter."""
    if not isinstance(wanted, dict) or not wanted:
        raise invalid("a filter must be an object with at least one condition")
    return all(_holds(name, condition, metadata, hidden) for name, condition in wanted.items())


def _holds(name: str, condition: object, metadata: Metadata, hidden: frozenset[str]) -> bool:
    if name in {"$and", "$or"}:
        if not isinstance(condition, list) or not condition:
            raise invalid(f"{name} needs a list of filters")
        results = [matches(each, metadata, hidden=hidden) for each in condition]
        return all(results) if name == "$and" else any(results)
    if name.startswith("$"):
        raise invalid(f"unknown operator {name}")
    if name in hidden:
        raise invalid(f"metadata key {name!r} is non-filterable")
    operators = condition if isinstance(condition, dict) else {"$eq": condition}
    if not operators:
        raise invalid(f"the condition on {name!r} is empty")
    return all(_compares(name, operator, operand, metadata) for operator, operand in operators.items())


def _compares(name: str, operator: str, operand: object, metadata: Metadata) -> bool:
    if operator == "$exists":
        return (name in metadata) is bool(operand)
    if operator not in _COMPARISONS:
        raise invalid(f"unknown operator {operator}")
    return name in metadata and _COMPARISONS[operator](metadata[name], operand)


def _is_value(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(each, str | int | float | bool) for each in value)
    return isinstance(value, str | int | float | bool)


def _equals(value: object, operand: object) -> bool:
    return operand in value if isinstance(value, list) else value == operand


def _in(value: object, operand: object) -> bool:
    if not isinstance(operand, list) or not operand:
        raise invalid("$in and $nin need a list that is not empty")
    return any(_equals(value, each) for each in operand)


def _ordered(compare: Callable[[float, float], bool]) -> Callable[[object, object], bool]:
    def holds(value: object, operand: object) -> bool:
        if not isinstance(operand, int | float):
            raise invalid("an order can be asked of numbers only")
        return isinstance(value, int | float) and compare(value, operand)

    return holds


_COMPARISONS: dict[str, Callable[[object, object], bool]] = {
    "$eq": _equals,
    "$ne": lambda value, operand: not _equals(value, operand),
    "$in": _in,
    "$nin": lambda value, operand: not _in(value, operand),
    "$gt": _ordered(lambda value, operand: value > operand),
    "$gte": _ordered(lambda value, operand: value >= operand),
    "$lt": _ordered(lambda value, operand: value < operand),
    "$lte": _ordered(lambda value, operand: value <= operand),
}
