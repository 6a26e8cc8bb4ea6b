"""The ticket tracker as the platform uses it directly: the ticket's truth, one status comment, the board."""

from __future__ import annotations

from typing import Protocol

from slipway.domain.ticket import Ticket


class Tracker(Protocol):
    """Raises NotFound, Throttled or UpstreamUnavailable."""

    def ticket(self, key: str) -> Ticket:
        """The ticket as it is now, text attachments included."""
        ...

    def write_comment(self, key: str, markdown: str, *, comment_id: str | None) -> str:
        """Add a comment, or edit the given one; returns its id. A deleted one is written anew."""
        ...

    def transition(self, key: str, status: str) -> bool:
        """Move the ticket to a status; False when its workflow has no such way from here."""
        ...
