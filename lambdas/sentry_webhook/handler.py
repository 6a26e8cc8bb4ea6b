"""POST /webhooks/sentry."""

from __future__ import annotations

from lambdas.http import Event, Response, respond
from lambdas.process import platform
from slipway.services.receive_sentry import receive_sentry


def handler(event: Event, _context: object) -> Response:
    """One delivery."""
    return respond(event, receive_sentry, platform)
