"""Which branch a plan goes to: named by convention, the same in every repository, never somebody else's."""

from __future__ import annotations

import re
from collections.abc import Mapping

from slipway.agentkit.forge_tools import ForgeTools
from slipway.agentkit.snapshots import Snapshot
from slipway.agentkit.trailers import TASK, trailer
from slipway.domain.errors import NeedsHuman, NotFound
from slipway.domain.repository_config import RepositoryConfig, repository_config
from slipway.domain.ticket import Ticket

MAX_SLUG_CHARACTERS = 40
MAX_CANDIDATES = 9


def branch_name(ticket: Ticket, *, organization: str, snapshots: Mapping[str, Snapshot]) -> str:
    """By the repositories' `.slipway.yml` when they agree, else by the organisation's pattern."""
    default = RepositoryConfig().branch
    own = {repository_config(snapshot.tree).branch for snapshot in snapshots.values()}
    pattern = next(iter(own)) if len(own) == 1 and own != {default} else organization
    slug = re.sub(r"[^a-z0-9]+", "-", ticket.summary.lower())[:MAX_SLUG_CHARACTERS].strip("-")
    name = pattern.replace("{ticket_id}", ticket.key.lower()).replace("{slug}", slug or "change")
    return re.sub(r"[\s~^:?*\[\\]+", "-", name).strip("-/.")


def free_branch(
    name: str, *, task_id: str, forge: ForgeTools, snapshots: Mapping[str, Snapshot]
) -> tuple[str, frozenset[str]]:
    """The first of name, name-2, ... that is ours or nobody's, and the repositories where it already is."""
    for number in range(1, MAX_CANDIDATES + 1):
        candidate = name if number == 1 else f"{name}-{number}"
        states = {
            repository: _state(forge, snapshot, candidate, task_id=task_id)
            for repository, snapshot in snapshots.items()
        }
        if "taken" not in states.values():
            return candidate, frozenset(name for name, state in states.items() if state == "ours")
    raise NeedsHuman(
        f"branches {name} to {name}-{MAX_CANDIDATES} all hold other work; delete those that are no longer "
        f"needed, then retry the task"
    )


def _state(forge: ForgeTools, snapshot: Snapshot, branch: str, *, task_id: str) -> str:
    try:
        commits = forge.commits(snapshot.repository, branch)
    except NotFound:
        return "free"
    newest = commits[0]
    ours = newest.sha == snapshot.sha or trailer(newest.message, TASK) == task_id
    return "ours" if ours else "taken"
