"""Reads which switch a ticket wants on or off."""

# ruff: noqa: E501  (a pattern is read from left to right)

from __future__ import annotations

import re
from dataclasses import dataclass

_DEFAULT = r"\b(?:by default|as (?:the )?default|per default|from the start|out of the box)\b"
_ON = re.compile(
    rf"(?P<about>[^.!?]*\b(?:turn(?:ed)? on|switch(?:ed)? on|enabled?|activated?|make)\b[^.!?]*?{_DEFAULT}[^.!?]*"
    rf"|[^.!?]*\bshould be (?!off|disabled|on\b|enabled)[a-z-]+ {_DEFAULT}|[^.!?]*\bshould be (?:on|enabled|active) {_DEFAULT})",
    re.I,
)
_OFF = re.compile(
    rf"(?P<about>[^.!?]*\b(?:turn(?:ed)? off|switch(?:ed)? off|disabled?|deactivated?)\b[^.!?]*?{_DEFAULT}[^.!?]*"
    rf"|[^.!?]*\bshould (?:not|no longer) be [a-z-]+ {_DEFAULT}|[^.!?]*\bshould be (?:off|disabled|inactive) {_DEFAULT})",
    re.I,
)


@dataclass(frozen=True)
class Switch:
    """What it should be, and the words about it."""

    value: bool
    about: str


def switched(text: str) -> Switch | None:
    """The switch that one sentence names; None when the ticket asks for on and for off, or for neither."""
    on, off = _ON.search(text), _OFF.search(text)
    if (on is None) == (off is None):
        return None
    found = on or off
    return Switch(on is not None, found["about"]) if found else None
