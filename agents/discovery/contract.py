"""What the discovery agent is asked and answers."""

from __future__ import annotations

from slipway.domain.camel import Contract
from slipway.domain.discovery import DiscoveryResult
from slipway.domain.ticket import Ticket


class DiscoveryRequest(Contract):
    """Find the repositories and files that `ticket` concerns."""

    task_id: str
    ticket: Ticket
    organization: str


DiscoveryResponse = DiscoveryResult
