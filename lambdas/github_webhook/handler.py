"""POST /webhooks/github."""

from __future__ import annotations

from lambdas.http import Event, Response, respond
from lambdas.process import platform
from slipway.services.receive_github import receive_github


def handler(event: Event, _context: object) -> Response:
    """One delivery."""
    return respond(event, receive_github, platform)
