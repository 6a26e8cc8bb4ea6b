"""What the rows of a table were before and after each write, from the records of its stream."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeGuard

from pydantic import JsonValue

from slipway.adapters.aws import rows

if TYPE_CHECKING:
    from slipway.adapters.aws.rows import Item

Row = dict[str, JsonValue]


def images(event: Mapping[str, object]) -> Iterator[tuple[Row, Row]]:
    """Before and after, for each write that left a row; a new row was empty before."""
    records = event.get("Records")
    for record in records if isinstance(records, list) else ():
        change = record.get("dynamodb", {})
        before, after = change.get("OldImage", {}), change.get("NewImage")
        if _is_item(before) and _is_item(after):
            yield rows.plain(before), rows.plain(after)


def _is_item(image: object) -> TypeGuard[Item]:
    """Images have the form of items."""
    return isinstance(image, dict) and all(isinstance(value, dict) for value in image.values())
