"""Reads an error of the tree back from text that starts with its name, as Lambda and our tools write it."""

from __future__ import annotations

import re

from slipway.domain import errors
from slipway.domain.errors import SlipwayError

_NAMED = re.compile(r"\s*(?P<name>[A-Z][A-Za-z]+): (?P<message>.+)", re.DOTALL)


def named_error(text: str) -> SlipwayError | None:
    """The error that `NotFound: branch x ...` names; None when the text names none of the tree's."""
    found = _NAMED.match(text)
    kind = getattr(errors, found["name"], None) if found else None
    if found and isinstance(kind, type) and issubclass(kind, SlipwayError):
        return kind(found["message"].strip())
    return None
