"""What the ticket of a task hides from its readers, for everyone who is asked to decide about it."""

from __future__ import annotations

from slipway.domain.errors import NotFound
from slipway.domain.hidden_text import hidden_in_ticket
from slipway.ports.platform import Platform
from slipway.services import run_results


def ticket_tricks(task_id: str, platform: Platform) -> tuple[str, ...]:
    """Each hidden passage of the ticket as the agents got it; nothing is known before preflight took it."""
    try:
        return hidden_in_ticket(run_results.ticket(task_id, platform))
    except NotFound:
        return ()
