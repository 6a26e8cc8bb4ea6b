"""A ticket as a model reads it: facts first, everything that people wrote fenced as data."""

from __future__ import annotations

from slipway.domain.ticket import Ticket
from slipway.domain.untrusted import fence

MAX_ATTACHMENT_CHARACTERS = 40_000


def ticket_text(ticket: Ticket) -> str:
    """Key, priority and the fenced texts."""
    parts = [
        f"Ticket {ticket.key}, priority {ticket.priority}.",
        fence("ticket summary", ticket.summary),
        fence("ticket description", ticket.description or "(empty)"),
    ]
    parts += [
        fence(f"ticket attachment {number}", f"{each.name}\n{each.content[:MAX_ATTACHMENT_CHARACTERS]}")
        for number, each in enumerate(ticket.attachments, start=1)
    ]
    return "\n\n".join(parts)
