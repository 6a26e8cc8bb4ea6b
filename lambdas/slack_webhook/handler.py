"""POST /slack/commands, /slack/interactivity and /slack/events."""

from __future__ import annotations

from lambdas.http import Event, Response, path, respond
from lambdas.process import platform
from slipway.services.receive_slack import receive_slack_event, receive_slack_form


def handler(event: Event, _context: object) -> Response:
    """One request; the Events API is the only one of the three that sends JSON."""
    receive = receive_slack_event if path(event).endswith("/slack/events") else receive_slack_form
    return respond(event, receive, platform)
