"""The words people give us in chat and on pull requests."""

from __future__ import annotations

import re
from dataclasses import dataclass

VERBS = ("help", "status", "list", "approve", "reject", "stop", "retry", "explain")
_MARKER = re.compile(r"<!--\s*slipway:task=([a-z0-9-]+)\s*-->")
_MENTION = re.compile(r"^\s*(?:<@[A-Z0-9|a-z._-]+>|@[\w.-]+(?:\[bot\])?)[\s,:]*")

HELP = """\
`list` open tasks and what they wait for
`status [task]` where a task stands
`explain [task]` why it stands there and what you can do
`approve [task]` let the plan be carried out
`reject [task] <reason>` end it, with the reason
`stop [task] [reason]` stop it now
`retry [task]` try an ended task again
A task is named by its id or its ticket; on a pull request it is the pull request's own."""


@dataclass(frozen=True, kw_only=True)
class Words:
    """A verb and the rest."""

    verb: str
    argument: str


def parse(line: str) -> Words:
    """The first word decides; anything unknown, or nothing, is a call for help."""
    verb, _, rest = _MENTION.sub("", line, count=1).strip().partition(" ")
    verb = verb.lower()
    return Words(verb=verb, argument=rest.strip()) if verb in VERBS else Words(verb="help", argument="")


def comment_command(body: str) -> Words | None:
    """A pull request comment's first line when it is `/agent …` or `/slipway …` with a known verb."""
    first = body.strip().split("\n", 1)[0]
    name, _, rest = first.partition(" ")
    if name not in {"/agent", "/slipway"}:
        return None
    return parse(rest)


def marker(task_id: str) -> str:
    """What our own comments carry, invisible to a reader."""
    return f"<!-- slipway:task={task_id} -->"


def carries_marker(body: str) -> bool:
    """Whether we wrote this."""
    return _MARKER.search(body) is not None


def split_task(argument: str) -> tuple[str, str]:
    """A task's id or ticket at the front, and the rest; no task when the first word is neither."""
    first, _, rest = argument.partition(" ")
    if re.fullmatch(r"[A-Z][A-Z0-9_]+-\d+", first) or re.fullmatch(r"[a-z0-9-]+-[0-9a-f]{8}", first):
        return first, rest.strip()
    return "", argument
