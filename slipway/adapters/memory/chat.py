"""A chat in memory."""

from __future__ import annotations

from dataclasses import dataclass, field

from slipway.adapters.outgoing import screened
from slipway.ports.chat import ApprovalCard, MessageRef


@dataclass(frozen=True, kw_only=True)
class MemoryChat:
    """Messages in order; cards and dialogs are kept as given."""

    channel: str = "C1"
    approvers: dict[str, str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    threads: dict[str, str] = field(default_factory=dict)
    cards: dict[str, ApprovalCard] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)
    whispers: list[tuple[str, str]] = field(default_factory=list)
    dialogs: list[tuple[str, str, str]] = field(default_factory=list)

    @screened
    def say(self, text: str, *, thread: MessageRef | None = None) -> MessageRef:
        """A message, or one in a thread."""
        ts = f"{len(self.messages) + 1}.0"
        self.messages[ts] = text
        if thread is not None:
            self.threads[ts] = thread.ts
        return MessageRef(channel=self.channel, ts=ts)

    @screened
    def ask(
        self, card: ApprovalCard, *, thread: MessageRef | None = None, replace: MessageRef | None = None
    ) -> MessageRef:
        """The approval card."""
        message = replace or self.say(f"Plan for {card.ticket_key}", thread=thread)
        self.cards[message.ts] = card
        return message

    @screened
    def close(self, message: MessageRef, text: str) -> None:
        """Replace a card by its outcome."""
        self.closed[message.ts] = text

    def ask_reason(self, trigger_id: str, *, task_id: str, plan_hash: str) -> None:
        """Remember the dialog."""
        self.dialogs.append((trigger_id, task_id, plan_hash))

    @screened
    def whisper(self, user_id: str, text: str) -> None:
        """Remember who was told what."""
        self.whispers.append((user_id, text))

    def approver(self, user_id: str) -> str | None:
        """The display name, or None."""
        return self.approvers.get(user_id)
