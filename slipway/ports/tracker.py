"""The ticket tracker as the platform uses it directly: the ticket's truth, one status comment, the board."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from slipway.domain.ticket import Priority, Ticket


@dataclass(frozen=True, kw_only=True)
class NewTicket:
    """A ticket to file; `description` is Markdown."""

    project: str
    summary: str
    description: str
    labels: tuple[str, ...]
    priority: Priority


class Tracker(Protocol):
    """Raises NotFound, Throttled or UpstreamUnavailable."""

    def ticket(self, key: str) -> Ticket:
        """The ticket as it is now, text attachments included."""
        ...

    def create(self, ticket: NewTicket) -> str:
        """File a ticket; returns its key."""
        ...

    def labelled(self, label: str) -> str | None:
        """The key of the oldest ticket with this label; a ticket may take a while to be found."""
        ...

    def add_label(self, key: str, label: str) -> None:
        """Fine when it has the label."""
        ...

    def write_comment(self, key: str, markdown: str, *, comment_id: str | None) -> str:
        """Add a comment, or edit the given one; returns its id. A deleted one is written anew."""
        ...

    def transition(self, key: str, status: str) -> bool:
        """Move the ticket to a status; False when its workflow has no such way from here."""
        ...

    def may_decide(self, key: str, account_id: str) -> bool:
        """Whether this account may edit the ticket, which is who may decide on its task."""
        ...
