"""The edge of every adapter that writes to people: nothing that looks like a credential goes out."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import asdict, is_dataclass
from typing import ParamSpec, TypeVar

from slipway.domain.errors import PolicyRefused
from slipway.domain.secret_scan import SecretFinding, scan_values

P = ParamSpec("P")
R = TypeVar("R")
_NAMED = 3
"""How many places a refusal names."""


def screened(write: Callable[P, R]) -> Callable[P, R]:
    """The same method, refused when one of its arguments holds a credential; what it holds is not shown."""

    @functools.wraps(write)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        # The first argument is the adapter itself.
        found = [each for value in (*args[1:], *kwargs.values()) for each in _findings(value)]
        if found:
            named = "; ".join(
                f"{path}: {finding}" if path else str(finding) for path, finding in found[:_NAMED]
            )
            raise PolicyRefused(
                f"{write.__qualname__}: the text was not sent because it holds a credential ({named}); "
                "take it out where it comes from, and replace that credential: somebody wrote it down"
            )
        return write(*args, **kwargs)

    return checked


def _findings(value: object) -> Iterator[tuple[str, SecretFinding]]:
    data: object = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
    yield from scan_values(data)
