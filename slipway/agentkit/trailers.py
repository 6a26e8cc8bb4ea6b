"""The lines at the end of our commit messages that say which task, agent, model and item made them."""

from __future__ import annotations

import re

TASK = "Slipway-Task"
AGENT = "Slipway-Agent"
MODEL = "Slipway-Model"
ITEM = "Slipway-Item"


def with_trailers(
    subject: str, *, task_id: str, agent: str, model: str, item: int | str | None = None
) -> str:
    """The whole commit message."""
    lines = [f"{TASK}: {task_id}", f"{AGENT}: {agent}", f"{MODEL}: {model}"]
    if item is not None:
        lines.append(f"{ITEM}: {item}")
    return f"{subject.strip()}\n\n" + "\n".join(lines)


def trailer(message: str, name: str) -> str | None:
    """The value of one trailer of a commit message."""
    found = re.search(rf"^{re.escape(name)}: (.+?)\s*$", message, re.MULTILINE)
    return found[1] if found else None


def marker(task_id: str) -> str:
    """What our comments and pull requests carry, so that we never answer ourselves."""
    return f"<!-- slipway:task={task_id} -->"
