"""Slack over its Web API, as our bot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from slipway.adapters.slack import blocks
from slipway.domain.connections import SlackConnection
from slipway.domain.errors import NeedsHuman, Permanent, Throttled, UpstreamUnavailable
from slipway.ports.chat import ApprovalCard, MessageRef
from slipway.ports.secrets import Secrets

TIMEOUT_SECONDS = 10
_CREDENTIALS = {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "missing_scope"}
_BUSY = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}


@dataclass(frozen=True, kw_only=True)
class SlackChat:
    """Messages go to the connection's channel."""

    secrets: Secrets
    _clients: dict[tuple[str, str], WebClient] = field(default_factory=dict, repr=False)

    def say(self, text: str, *, thread: MessageRef | None = None) -> MessageRef:
        """A message in the team's channel, or in a thread."""
        connection = self.secrets.slack()
        with _mapped("posting a message"):
            answer = self._client(connection).chat_postMessage(
                channel=thread.channel if thread else connection.channel,
                text=text,
                thread_ts=thread.ts if thread else None,
                unfurl_links=False,
            )
        return _reference(answer)

    def ask(
        self, card: ApprovalCard, *, thread: MessageRef | None = None, replace: MessageRef | None = None
    ) -> MessageRef:
        """The approval card with its buttons, in a thread and seen in the channel all the same."""
        connection = self.secrets.slack()
        client = self._client(connection)
        text = f"Approve the plan of {card.ticket_key}? {card.title}"
        with _mapped(f"asking about task {card.task_id}"):
            if replace is None:
                answer = client.chat_postMessage(
                    channel=thread.channel if thread else connection.channel,
                    text=text,
                    blocks=blocks.approval_card(card),
                    thread_ts=thread.ts if thread else None,
                    reply_broadcast=thread is not None,
                )
            else:
                answer = client.chat_update(
                    channel=replace.channel, ts=replace.ts, text=text, blocks=blocks.approval_card(card)
                )
        return _reference(answer)

    def close(self, message: MessageRef, text: str) -> None:
        """Replace a card by its outcome."""
        with _mapped("closing a card"):
            self._client(self.secrets.slack()).chat_update(
                channel=message.channel, ts=message.ts, text=text, blocks=blocks.outcome(text)
            )

    def ask_reason(self, trigger_id: str, *, task_id: str, plan_hash: str) -> None:
        """Open the dialog that takes the reason of a rejection."""
        with _mapped(f"asking why task {task_id} is rejected"):
            self._client(self.secrets.slack()).views_open(
                trigger_id=trigger_id, view=blocks.reason_dialog(task_id, plan_hash)
            )

    def whisper(self, user_id: str, text: str) -> None:
        """A line that only this person sees."""
        connection = self.secrets.slack()
        with _mapped("answering a person"):
            self._client(connection).chat_postEphemeral(channel=connection.channel, user=user_id, text=text)

    def approver(self, user_id: str) -> str | None:
        """The display name of a person who may decide, or None."""
        return self.secrets.slack().approvers.get(user_id)

    def _client(self, connection: SlackConnection) -> WebClient:
        key = (connection.api_url, connection.bot_token.get_secret_value())
        if key not in self._clients:
            self._clients.clear()
            self._clients[key] = WebClient(
                token=key[1], base_url=f"{key[0].rstrip('/')}/", timeout=TIMEOUT_SECONDS
            )
        return self._clients[key]


def _reference(answer: SlackResponse) -> MessageRef:
    return MessageRef(channel=str(answer["channel"]), ts=str(answer["ts"]))


@contextmanager
def _mapped(doing: str) -> Iterator[None]:
    try:
        yield
    except SlackApiError as error:
        name = str(error.response.get("error", "unknown"))
        if name == "ratelimited":
            raise Throttled(f"{doing}: Slack asked to slow down") from error
        if name in _CREDENTIALS:
            raise NeedsHuman(f"{doing}: Slack refused our token ({name}); check the slack secret") from error
        if name in _BUSY or error.response.status_code >= 500:
            raise UpstreamUnavailable(f"{doing}: Slack answered {name}") from error
        raise Permanent(f"{doing}: Slack answered {name}") from error
    except (SlackClientError, HTTPException, OSError) as error:
        raise UpstreamUnavailable(f"{doing}: Slack did not answer ({type(error).__name__})") from error
