"""The types of resources that a laptop writes down and does without, each with what that means."""

from __future__ import annotations

import tomllib
from pathlib import Path

_FILE = Path(__file__).with_name("recorded.toml")


def recorded_types() -> dict[str, str]:
    """Type of CloudFormation to what a laptop does instead."""
    return _section("recorded")


def differing_types() -> dict[str, str]:
    """Types that work on a laptop, yet not as in AWS, with the difference."""
    return _section("differs")


def _section(name: str) -> dict[str, str]:
    with _FILE.open("rb") as file:
        held: dict[str, str] = tomllib.load(file)[name]
    return held
