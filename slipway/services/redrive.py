"""Gives dead letters to their function again, and removes those that were taken."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from slipway.domain.dead_letter import DeadLetter
from slipway.domain.errors import SlipwayError
from slipway.ports.dead_letters import DeadLetters

BATCH = 10
HIDDEN_SECONDS = 120
"""Longer than giving a batch back takes, so that no letter is given back twice."""


class Redriven(BaseModel, frozen=True):
    """`kept`: id of a letter that stays, and why."""

    taken: int
    kept: dict[str, str]


def peek(folder: str, queues: DeadLetters, *, limit: int) -> Sequence[DeadLetter]:
    """Letters to look at; they can be read again at once."""
    found = _read(folder, queues, limit=limit)
    for letter in found:
        queues.release(folder, letter)
    return found


def redrive(folder: str, queues: DeadLetters, *, limit: int) -> Redriven:
    """One letter that cannot be given back does not hold up the others."""
    taken, kept = 0, dict[str, str]()
    for letter in _read(folder, queues, limit=limit):
        try:
            queues.give_back(folder, letter)
        except SlipwayError as error:
            kept[letter.id] = str(error)
            queues.release(folder, letter)
        else:
            queues.remove(folder, letter)
            taken += 1
    return Redriven(taken=taken, kept=kept)


def _read(folder: str, queues: DeadLetters, *, limit: int) -> list[DeadLetter]:
    """All that are wanted before any is handled: a letter that fails again at once is not met again."""
    found: dict[str, DeadLetter] = {}
    while len(found) < limit:
        batch = queues.read(folder, limit=min(BATCH, limit - len(found)), hidden_seconds=HIDDEN_SECONDS)
        fresh = {letter.id: letter for letter in batch if letter.id not in found}
        if not fresh:
            break
        found |= fresh
    return list(found.values())
