"""Queues of what functions could not handle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from slipway.domain.dead_letter import DeadLetter


class DeadLetters(Protocol):
    """One queue for each function that is called by a machine that does not wait; named as its folder."""

    def waiting(self, folder: str) -> int:
        """About how many wait, also those that somebody reads at the moment; raises NotFound."""
        ...

    def read(self, folder: str, *, limit: int, hidden_seconds: int) -> Sequence[DeadLetter]:
        """Some of them; nobody else sees them for `hidden_seconds`."""
        ...

    def give_back(self, folder: str, letter: DeadLetter) -> None:
        """Hand one to the function again; raises NotFound when its stream has forgotten the records."""
        ...

    def release(self, folder: str, letter: DeadLetter) -> None:
        """Let others see it again."""
        ...

    def remove(self, folder: str, letter: DeadLetter) -> None:
        """It was taken."""
        ...
