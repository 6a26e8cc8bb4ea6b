"""Hands messages to whoever transports them, and tries again when that fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from notices.messages import Message

FIRST_DELAY_SECONDS = 2.0


class TransportDown(ConnectionError):
    """The transport did not take the message; it may later."""


Transport = Callable[[str, str], None]
"""Takes an address and a text."""


@dataclass
class Report:
    """What became of a batch."""

    delivered: int = 0
    given_up: list[str] = field(default_factory=list)


def deliver(
    messages: Iterable[Message],
    *,
    transport: Transport,
    pause: Callable[[float], None],
    attempts: int = 3,
) -> Report:
    """Send every message; one that cannot be sent does not hold up the others."""
    report = Report()
    for message in messages:
        if all(_send(message, part, transport, pause, attempts) for part in message.parts):
            report.delivered += 1
        else:
            report.given_up.append(message.recipient.address)
    return report


def _send(
    message: Message,
    part: str,
    transport: Transport,
    pause: Callable[[float], None],
    attempts: int,
) -> bool:
    for attempt in range(attempts):
        if attempt:
            pause(FIRST_DELAY_SECONDS * 2 ** (attempt - 1))
        try:
            transport(message.recipient.address, part)
        except TransportDown:
            continue
        return True
    return False
