"""The team's chat: questions with buttons, answers in the same thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol


@dataclass(frozen=True, kw_only=True)
class MessageRef:
    """Where a message is."""

    channel: str
    ts: str


@dataclass(frozen=True, kw_only=True)
class ApprovalCard:
    """Everything a person needs to decide on a plan; `hidden` is what the ticket's readers do not see."""

    task_id: str
    ticket_key: str
    ticket_url: str
    title: str
    summary: str
    plan_hash: str
    files: Sequence[str]
    tests: Sequence[str]
    pull_requests: Sequence[tuple[str, str]]
    risk: Literal["low", "medium", "high"]
    risk_reasons: Sequence[str]
    estimate: str
    expires_at: datetime
    hidden: Sequence[str] = ()


class Chat(Protocol):
    """Raises Throttled or UpstreamUnavailable, or Permanent naming what the chat refused."""

    def say(self, text: str, *, thread: MessageRef | None = None) -> MessageRef:
        """A message in the team's channel, or in a thread."""
        ...

    def ask(
        self, card: ApprovalCard, *, thread: MessageRef | None = None, replace: MessageRef | None = None
    ) -> MessageRef:
        """The approval card with its buttons, in a thread and seen in the channel all the same.

        `replace` edits the earlier card of the task where it is.
        """
        ...

    def close(self, message: MessageRef, text: str) -> None:
        """Replace a card by its outcome: the buttons go away."""
        ...

    def ask_reason(self, trigger_id: str, *, task_id: str, plan_hash: str) -> None:
        """Open the dialog that takes the reason of a rejection."""
        ...

    def whisper(self, user_id: str, text: str) -> None:
        """A line in the team's channel that only this person sees."""
        ...

    def approver(self, user_id: str) -> str | None:
        """The display name of a person who may decide, or None."""
        ...
