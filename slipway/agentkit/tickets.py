"""A ticket as a model reads it: everything that people wrote fenced as data."""

from __future__ import annotations

from slipway.domain.ticket import Ticket
from slipway.domain.untrusted import fence

MAX_SUMMARY_CHARACTERS = 1_000
MAX_DESCRIPTION_CHARACTERS = 60_000
MAX_ATTACHMENT_CHARACTERS = 40_000
MAX_ATTACHMENTS = 20


def ticket_text(ticket: Ticket) -> str:
    """Priority, and the fenced texts, none longer than a model should read."""
    parts = [
        f"A ticket of priority {ticket.priority}:",
        fence("ticket key", ticket.key),
        fence("ticket summary", ticket.summary, limit=MAX_SUMMARY_CHARACTERS),
        fence("ticket description", ticket.description or "(empty)", limit=MAX_DESCRIPTION_CHARACTERS),
    ]
    parts += [
        fence(f"ticket attachment {number}", f"{each.name}\n{each.content}", limit=MAX_ATTACHMENT_CHARACTERS)
        for number, each in enumerate(ticket.attachments[:MAX_ATTACHMENTS], start=1)
    ]
    if (left_out := len(ticket.attachments) - MAX_ATTACHMENTS) > 0:
        parts.append(f"({left_out} more attachments were left out)")
    return "\n\n".join(parts)
