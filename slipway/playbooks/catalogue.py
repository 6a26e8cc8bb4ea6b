"""The playbooks in order of precedence, and the one that understands a ticket."""

from __future__ import annotations

from typing import Any

from slipway.domain.errors import NeedsHuman
from slipway.domain.ticket import Ticket
from slipway.playbooks.base import Playbook, WorkClass
from slipway.playbooks.crash import CrashPlaybook

# A playbook only ever receives the claims that it made itself, so their type is its own business.
AnyPlaybook = Playbook[Any]
AnyClaim = Any

LOOKED_FOR: dict[WorkClass, str] = {
    "patch": "a unified diff in an attachment or a code block",
    "dependency": "a dependency with the version to move it to",
    "crash": "a traceback, or an exception that a named function raises",
    "rename": "an old and a new name",
    "constant": "a named value with its new value",
}


def playbooks() -> tuple[AnyPlaybook, ...]:
    """In order: the first that recognises a ticket has it, so what is most specific comes first.

    A crash comes before rename and constant, because crash tickets say things like "default to 30".
    """
    return (CrashPlaybook(),)


def understand(ticket: Ticket) -> tuple[AnyPlaybook, AnyClaim]:
    """The playbook that fits a ticket and what it read there; NeedsHuman when none does."""
    known = playbooks()
    for playbook in known:
        claim = playbook.recognise(ticket)
        if claim is not None:
            return playbook, claim
    looked_for = "; ".join(LOOKED_FOR[playbook.work_class] for playbook in known)
    raise NeedsHuman(
        f"ticket {ticket.key} fits no class of work that general rules solve: looked for {looked_for}, "
        "and the ticket has none of these; it needs a language model: set SLIPWAY_MODEL_PROVIDER=bedrock or openai"
    )
