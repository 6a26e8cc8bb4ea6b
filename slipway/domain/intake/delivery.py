"""A request from outside, and the checks that every one must pass before it is read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Never, TypeGuard

from pydantic import JsonValue

from slipway.domain.problem import refuse

BODY_LIMIT = 1_000_000
JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"

JsonObject = dict[str, JsonValue]
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")
_KEY_LIMIT = 250
_TICKET_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,99}-\d{1,12}")
_REPOSITORY = re.compile(r"[\w.-]{1,100}/[\w.-]{1,100}")
_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
_SHA = re.compile(r"[0-9A-Za-z]{1,64}")


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
        written = body.decode() if isinstance(body, bytes) else body
        value = json.loads(written, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise refuse(400, "Unreadable body", "the body is not JSON") from error
    if not is_object(value):
        raise refuse(400, "Unreadable body", "the body is not a JSON object")
    if _HALF_CHARACTER.search(written):
        _refuse_half_characters(value)
    return value


def _no_number(constant: str) -> Never:
    raise ValueError(f"{constant} is no JSON number")


def _refuse_half_characters(value: JsonObject) -> None:
    """JSON can spell half a character, which no store and no other service takes."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise refuse(400, "Unreadable body", "the body has half of a surrogate pair") from error


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


class FieldWrong(ValueError):
    """A field that is needed is missing or is not what it must be; the message names it."""


def needed(value: JsonValue, *path: str) -> str:
    """The text down a path; an identifier, so it is short. Raises FieldWrong."""
    found = at(value, *path)
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    if not isinstance(found, str) or not found.strip():
        raise FieldWrong(f"the field {'.'.join(path)} is missing")
    if len(found) > _KEY_LIMIT:
        raise FieldWrong(f"the field {'.'.join(path)} is longer than {_KEY_LIMIT} characters")
    return found


def needed_number(value: JsonValue, *path: str) -> int:
    """The positive number down a path. Raises FieldWrong."""
    found = needed(value, *path)
    if not found.isascii() or not found.isdecimal() or not 0 < int(found) < 2**53:
        raise FieldWrong(f"the field {'.'.join(path)} is not a positive number")
    return int(found)


def needed_key(value: JsonValue, *path: str) -> str:
    """The ticket's key down a path. Raises FieldWrong."""
    return _matching(_TICKET_KEY, "a ticket's key such as ENG-12", needed(value, *path), path)


def needed_repository(value: JsonValue, *path: str) -> str:
    """The repository down a path, `owner/name`. Raises FieldWrong."""
    return _matching(_REPOSITORY, "owner/name", needed(value, *path), path)


def needed_id(value: JsonValue, *path: str) -> str:
    """The identifier down a path. Raises FieldWrong."""
    return _matching(_ID, "an identifier", needed(value, *path), path)


def needed_sha(value: JsonValue, *path: str) -> str:
    """The commit down a path. Raises FieldWrong."""
    return _matching(_SHA, "a commit's SHA", needed(value, *path), path)


def _matching(pattern: re.Pattern[str], what: str, found: str, path: tuple[str, ...]) -> str:
    if not pattern.fullmatch(found):
        raise FieldWrong(f"the field {'.'.join(path)} is not {what}")
    return found
