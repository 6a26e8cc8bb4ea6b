"""Rows of the single tasks table: their keys, and models to items and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from pydantic import BaseModel, JsonValue

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    Item = dict[str, AttributeValueTypeDef]

BY_STATE = "by_state"
_write = TypeSerializer().serialize
_read = TypeDeserializer().deserialize


def task_key(task_id: str) -> Item:
    """The task itself."""
    return attributes({"pk": f"TASK#{task_id}", "sk": "TASK"})


def event_key(task_id: str, event_id: str) -> Item:
    """One event of a task."""
    return attributes({"pk": f"TASK#{task_id}", "sk": f"EVENT#{event_id}"})


def approval_key(task_id: str) -> Item:
    """What is or was asked about a task's plan."""
    return attributes({"pk": f"TASK#{task_id}", "sk": "APPROVAL"})


def ci_key(task_id: str) -> Item:
    """The wait for a task's CI."""
    return attributes({"pk": f"TASK#{task_id}", "sk": "CI"})


def delivery_key(source: str, delivery_id: str) -> Item:
    """One delivery from outside, remembered for 30 days."""
    return attributes({"pk": f"DELIVERY#{source}#{delivery_id}", "sk": "DELIVERY"})


def subject_key(subject: str) -> Item:
    """The lock that lets one subject have one open task; `subject` carries its source, as in jira:ENG-12."""
    return attributes({"pk": f"SUBJECT#{subject}", "sk": "SUBJECT"})


def pull_request_key(repository: str, number: int) -> Item:
    """From a pull request to its task."""
    return attributes({"pk": f"PR#{repository.lower()}#{number}", "sk": "PR"})


def alert_key(subject: str) -> Item:
    """What the error tracker reported of one issue."""
    return attributes({"pk": f"ALERT#{subject}", "sk": "ALERT"})


def running_key() -> Item:
    """The set of tasks that hold a slot."""
    return attributes({"pk": "RUNNING", "sk": "RUNNING"})


def attributes(values: Mapping[str, JsonValue]) -> Item:
    """Plain JSON values as DynamoDB attributes; None is left out."""
    exact = json.loads(json.dumps(values), parse_float=Decimal)
    return {name: _write(value) for name, value in exact.items() if value is not None}


def of(model: BaseModel) -> Item:
    """A model as an item, fields as attributes."""
    return attributes(model.model_dump(mode="json"))


def plain(item: Mapping[str, AttributeValueTypeDef]) -> dict[str, JsonValue]:
    """An item as JSON values."""
    return {name: _json(_read(value)) for name, value in item.items()}


def _json(value: object) -> JsonValue:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dict():
            return {str(name): _json(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_json(inner) for inner in value]
        case set() | frozenset():
            return [*sorted(str(inner) for inner in value)]
        case None | bool() | str() | int() | float():
            return value
    raise TypeError(f"{type(value).__name__} is not stored in the tasks table")
