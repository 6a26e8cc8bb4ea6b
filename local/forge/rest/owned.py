"""What the address of a repository names must be that repository's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from local.forge.errors import not_found
from local.forge.web import Call


class Owned(Protocol):
    """A record of one repository."""

    @property
    def repository_id(self) -> int:
        """The repository that it belongs to."""
        ...


OwnedT = TypeVar("OwnedT", bound=Owned)


def owned(call: Call, get: Callable[[int], OwnedT | None], parameter: str) -> OwnedT:
    """The record whose id is in the path; one of another repository is not found."""
    record = get(call.number(parameter))
    if record is None or record.repository_id != call.repository.id:
        raise not_found()
    return record
