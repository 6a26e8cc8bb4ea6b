"""Reads what a gateway tool says when it fails and names the error of the tree it amounts to."""

from __future__ import annotations

import re

from slipway.agentkit.named_errors import named_error
from slipway.agentkit.redaction import redact
from slipway.domain.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    Permanent,
    PolicyRefused,
    SlipwayError,
    Throttled,
    UpstreamUnavailable,
)

# "failed to create branch: POST https://.../git/refs: 422 Reference already exists []"
_STATUS = re.compile(r"(?:: |status(?:[ _]code)?[:= ]+|HTTP )([1-5]\d\d)\b")
_THROTTLED = re.compile(r"rate limit|too many requests|throttl", re.IGNORECASE)
_DENIED = re.compile(
    r"denied by policy|not authorized|authorization denied|policy (?:denied|refused)", re.IGNORECASE
)
_CONFLICT = re.compile(
    r"not a fast.?forward|is at [0-9a-f]{40} but expected|reference update failed", re.IGNORECASE
)
# "The path does not point to a file or directory, or the file does not exist in the repository."
_MISSING = re.compile(
    r"does not exist|not point to a file|neither a file nor a directory|\bnot found\b", re.IGNORECASE
)

MAX_CHARACTERS = 1_000


def failure(tool: str, text: str) -> SlipwayError:
    """The error to raise for a failed call of `tool` that answered `text`."""
    message = f"{tool}: {redact(text.strip())[:MAX_CHARACTERS] or 'failed without saying why'}"
    if named := named_error(text):
        # A Lambda target fails by the name of the error that its function raised.
        return type(named)(message)
    status = int(found[1]) if (found := _STATUS.search(text)) else None
    return _kind(status, text)(message)


def _kind(status: int | None, text: str) -> type[SlipwayError]:
    if status == 429 or _THROTTLED.search(text):
        return Throttled
    if _DENIED.search(text) or status in {401, 403}:
        return PolicyRefused
    if status == 409 or _CONFLICT.search(text):
        return Conflict
    if status == 404 or (status is None and _MISSING.search(text)):
        return NotFound
    if status in {400, 422}:
        return InvalidInput
    if status is not None and status >= 500:
        return UpstreamUnavailable
    return Permanent
