"""Slack's Web API client for a connection, and its refusals as errors of the tree."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from slipway.domain.connections import SlackConnection
from slipway.domain.errors import (
    InvalidInput,
    NeedsHuman,
    NotFound,
    Permanent,
    PolicyRefused,
    SlipwayError,
    Throttled,
    UpstreamUnavailable,
)

TIMEOUT_SECONDS = 10
_KINDS: dict[str, type[SlipwayError]] = {
    **dict.fromkeys(
        ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "missing_scope"), NeedsHuman
    ),
    **dict.fromkeys(
        ("internal_error", "fatal_error", "service_unavailable", "request_timeout"), UpstreamUnavailable
    ),
    **dict.fromkeys(
        ("channel_not_found", "message_not_found", "thread_not_found", "user_not_found", "users_not_found"),
        NotFound,
    ),
    **dict.fromkeys(
        (
            "invalid_arguments",
            "invalid_blocks",
            "invalid_blocks_format",
            "invalid_cursor",
            "msg_too_long",
            "no_text",
        ),
        InvalidInput,
    ),
    **dict.fromkeys(
        (
            "cant_update_message",
            "edit_window_closed",
            "ekm_access_denied",
            "is_archived",
            "not_in_channel",
            "restricted_action",
        ),
        PolicyRefused,
    ),
    "ratelimited": Throttled,
}
_ADVICE = {
    NeedsHuman: "; check the slack secret and the app's scopes",
    Throttled: "; try again in a minute",
}


@dataclass(frozen=True)
class SlackWeb:
    """One client at a time: a rotated token replaces it."""

    _clients: dict[tuple[str, str], WebClient] = field(default_factory=dict, repr=False)

    def client(self, connection: SlackConnection) -> WebClient:
        """The client of a connection."""
        key = (connection.api_url, connection.bot_token.get_secret_value())
        if key not in self._clients:
            self._clients.clear()
            self._clients[key] = WebClient(
                token=key[1], base_url=f"{key[0].rstrip('/')}/", timeout=TIMEOUT_SECONDS
            )
        return self._clients[key]


@contextmanager
def mapped(doing: str) -> Iterator[None]:
    """Raise what Slack refuses as the error of the tree that it amounts to."""
    try:
        yield
    except SlackApiError as error:
        name = str(error.response.get("error", "unknown"))
        unknown = UpstreamUnavailable if error.response.status_code >= 500 else Permanent
        kind = _KINDS.get(name, unknown)
        raise kind(f"{doing}: Slack answered {name}{_details(error)}{_ADVICE.get(kind, '')}") from error
    except (SlackClientError, HTTPException, OSError) as error:
        raise UpstreamUnavailable(f"{doing}: Slack did not answer ({type(error).__name__})") from error


def _details(error: SlackApiError) -> str:
    """What exactly is wrong, where Slack says so: blocks and arguments."""
    metadata = error.response.get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, dict) else None
    return f" ({'; '.join(map(str, messages))})" if messages else ""
