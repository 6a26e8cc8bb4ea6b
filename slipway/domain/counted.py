"""A number of things in words that a person would use."""

from __future__ import annotations


def counted(number: int, thing: str) -> str:
    """`1 pull request`, `2 pull requests`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
