"""A job's log as the tools printed it: no times, no colours, no echo of the step's own script."""

from __future__ import annotations

import re

LONGEST_LINE = 2_000
_COLOUR = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07|\([A-Z0-9])")
_TIME = re.compile(r"^\ufeff?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z ?")
_COMPOSE = re.compile(r"^[\w.-]+[_-]\d+ +\| ?")
_ANNOTATION = re.compile(r"^(?:##\[error\]|::error[^:]*::|Error: (?=\S+:\d+:))")
_SCRIPT_ECHO = "\x1b[36;1m"


def plain(line: str) -> str:
    """One line as its tool printed it, annotations without their marker."""
    bare = _COLOUR.sub("", _TIME.sub("", line[:LONGEST_LINE])).rstrip()
    return _ANNOTATION.sub("", _COMPOSE.sub("", bare))


def plain_lines(log: str) -> tuple[str, ...]:
    """The lines that tools printed; a runner's header of a step (its script and environment) is left out."""
    kept: list[str] = []
    in_header = False
    for raw in log.splitlines():
        line = _TIME.sub("", raw)
        if line.startswith("##[group]Run "):
            in_header = True
        elif in_header and line.startswith("##[endgroup]"):
            in_header = False
        elif not in_header and not line.startswith(_SCRIPT_ECHO):
            kept.append(plain(line))
    return tuple(kept)
