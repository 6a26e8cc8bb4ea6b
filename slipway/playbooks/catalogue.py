"""Every playbook in order of precedence, and which one a ticket is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slipway.domain.errors import NeedsHuman
from slipway.domain.ticket import Ticket
from slipway.playbooks.base import Playbook
from slipway.playbooks.constant import ConstantPlaybook
from slipway.playbooks.crash.playbook import CrashPlaybook
from slipway.playbooks.dependency import DependencyPlaybook
from slipway.playbooks.patch import PatchPlaybook
from slipway.playbooks.rename import RenamePlaybook


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A playbook and, for people, what it looks for in a ticket."""

    playbook: Playbook[Any]  # Any: each playbook's claim is a type of its own, which only it reads
    looks_for: str


# What is told most surely comes first: a diff, a pinned version, an exception. A crash comes before a new
# value, because crash tickets say "should default to 30" too, while the others rarely name an exception.
CATALOGUE = (
    Entry(playbook=PatchPlaybook(), looks_for="a unified diff, attached or in a code block"),
    Entry(playbook=DependencyPlaybook(), looks_for="a package and the version it should have"),
    Entry(playbook=RenamePlaybook(), looks_for="a name to change (the old and the new one)"),
    Entry(
        playbook=CrashPlaybook(),
        looks_for="a Python traceback, or an exception and the function that raises it",
    ),
    Entry(
        playbook=ConstantPlaybook(),
        looks_for="a value or message to change (its name or its old value, and the new one)",
    ),
)


def understand(ticket: Ticket) -> tuple[Playbook[Any], Any]:
    """The first playbook whose class the ticket's words fit, and what it read there."""
    for entry in CATALOGUE:
        claim = entry.playbook.recognise(ticket)
        if claim is not None:
            return entry.playbook, claim
    looked_for = "; ".join(f"{entry.playbook.work_class}: {entry.looks_for}" for entry in CATALOGUE)
    raise NeedsHuman(
        f"ticket {ticket.key} fits no class of work that rules can do. Looked for {looked_for}. "
        f"None of it is in the ticket: add it, or this needs a language model: "
        f"set SLIPWAY_MODEL_PROVIDER=bedrock or openai"
    )
