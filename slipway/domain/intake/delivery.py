"""A request from outside, and the checks that every one must pass before it is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeGuard

from pydantic import JsonValue

from slipway.domain.problem import refuse

BODY_LIMIT = 1_000_000
JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"

JsonObject = dict[str, JsonValue]


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """Header names are lower-case; `body` is exactly what was sent, as signatures cover it."""

    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def header(self, name: str) -> str:
        """A header's value, empty when absent."""
        return self.headers.get(name.lower(), "")


def check_size(delivery: Delivery) -> None:
    """Refuse with 413 what is larger than the limit."""
    if len(delivery.body) > BODY_LIMIT:
        raise refuse(
            413, "Body too large", f"the body has {len(delivery.body)} bytes; {BODY_LIMIT} are allowed"
        )


def check_content_type(delivery: Delivery, *allowed: str) -> None:
    """Refuse with 415 what is not one of the allowed media types."""
    media_type = delivery.header("content-type").split(";")[0].strip().lower()
    if media_type not in allowed:
        raise refuse(
            415, "Unsupported content type", f"send {' or '.join(allowed)}, not {media_type or 'nothing'}"
        )


def read_object(body: bytes | str) -> JsonObject:
    """The body as a JSON object; refuses with 400."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise refuse(400, "Unreadable body", "the body is not JSON") from error
    if not is_object(value):
        raise refuse(400, "Unreadable body", "the body is not a JSON object")
    return value


def is_object(value: object) -> TypeGuard[JsonObject]:
    """Whether a JSON value is an object."""
    return isinstance(value, dict)


def at(value: JsonValue, *path: str) -> JsonValue:
    """The value down a path of objects, None where the path ends early."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def text(value: JsonValue, *path: str) -> str:
    """The string down a path, empty when it is not one."""
    found = at(value, *path)
    return found if isinstance(found, str) else ""


def objects(value: JsonValue, *path: str) -> list[JsonObject]:
    """The objects of the list down a path."""
    found = at(value, *path)
    return [entry for entry in found if is_object(entry)] if isinstance(found, list) else []
