"""Slack over its Web API, as our bot."""

from __future__ import annotations

from dataclasses import dataclass, field

from slack_sdk.web import SlackResponse

from slipway.adapters.outgoing import screened
from slipway.adapters.slack import blocks
from slipway.adapters.slack.web import SlackWeb, mapped
from slipway.ports.chat import ApprovalCard, MessageRef
from slipway.ports.secrets import Secrets


@dataclass(frozen=True, kw_only=True)
class SlackChat:
    """Messages go to the connection's channel."""

    secrets: Secrets
    _web: SlackWeb = field(default_factory=SlackWeb)

    @screened
    def say(self, text: str, *, thread: MessageRef | None = None) -> MessageRef:
        """A message in the team's channel, or in a thread."""
        connection = self.secrets.slack()
        with mapped("posting a message"):
            answer = self._web.client(connection).chat_postMessage(
                channel=thread.channel if thread else connection.channel,
                text=text,
                thread_ts=thread.ts if thread else None,
                unfurl_links=False,
            )
        return _reference(answer)

    @screened
    def ask(
        self, card: ApprovalCard, *, thread: MessageRef | None = None, replace: MessageRef | None = None
    ) -> MessageRef:
        """The approval card with its buttons, in a thread and seen in the channel all the same."""
        connection = self.secrets.slack()
        client = self._web.client(connection)
        text = f"Approve the plan of {card.ticket_key}? {card.title}"
        with mapped(f"asking about task {card.task_id}"):
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

    @screened
    def close(self, message: MessageRef, text: str) -> None:
        """Replace a card by its outcome."""
        with mapped("closing a card"):
            self._web.client(self.secrets.slack()).chat_update(
                channel=message.channel, ts=message.ts, text=text, blocks=blocks.outcome(text)
            )

    def ask_reason(self, trigger_id: str, *, task_id: str, plan_hash: str) -> None:
        """Open the dialog that takes the reason of a rejection."""
        with mapped(f"asking why task {task_id} is rejected"):
            self._web.client(self.secrets.slack()).views_open(
                trigger_id=trigger_id, view=blocks.reason_dialog(task_id, plan_hash)
            )

    @screened
    def whisper(self, user_id: str, text: str) -> None:
        """A line that only this person sees."""
        connection = self.secrets.slack()
        with mapped("answering a person"):
            self._web.client(connection).chat_postEphemeral(
                channel=connection.channel, user=user_id, text=text
            )

    def approver(self, user_id: str) -> str | None:
        """The display name of a person who may decide, or None."""
        return self.secrets.slack().approvers.get(user_id)


def _reference(answer: SlackResponse) -> MessageRef:
    return MessageRef(channel=str(answer["channel"]), ts=str(answer["ts"]))
