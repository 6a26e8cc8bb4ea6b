"""A tracker in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from slipway.adapters.outgoing import screened
from slipway.domain.errors import NotFound
from slipway.domain.ticket import Ticket
from slipway.ports.tracker import NewTicket


@dataclass(frozen=True)
class MemoryTracker:
    """Tickets are put in by the test; comments and statuses are read back."""

    tickets: dict[str, Ticket] = field(default_factory=dict)
    comments: dict[str, dict[str, str]] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    editors: set[str] = field(default_factory=set)

    def ticket(self, key: str) -> Ticket:
        """The ticket as it is now."""
        if key not in self.tickets:
            raise NotFound(f"ticket {key} does not exist")
        return self.tickets[key]

    @screened
    def create(self, ticket: NewTicket) -> str:
        """File a ticket."""
        key = f"{ticket.project}-{len(self.tickets) + 101}"
        self.tickets[key] = Ticket(
            key=key,
            summary=ticket.summary,
            description=ticket.description,
            labels=ticket.labels,
            priority=ticket.priority,
        )
        return key

    def labelled(self, label: str) -> str | None:
        """The oldest with this label."""
        return next((key for key, ticket in self.tickets.items() if label in ticket.labels), None)

    def add_label(self, key: str, label: str) -> None:
        """Fine when it has the label."""
        ticket = self.ticket(key)
        if label not in ticket.labels:
            self.tickets[key] = ticket.model_copy(update={"labels": (*ticket.labels, label)})

    @screened
    def write_comment(self, key: str, markdown: str, *, comment_id: str | None) -> str:
        """Add or edit."""
        comments = self.comments.setdefault(key, {})
        chosen = comment_id if comment_id in comments else str(len(comments) + 1)
        comments[str(chosen)] = markdown
        return str(chosen)

    def transition(self, key: str, status: str) -> bool:
        """Every way is open."""
        self.statuses[key] = status
        return True

    def may_decide(self, key: str, account_id: str) -> bool:
        """Whether the account is among the editors."""
        del key
        return account_id in self.editors
