"""Who may command what: asked of the place that knows the person, and denied wherever nobody says yes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from slipway.domain.errors import PolicyRefused
from slipway.domain.intake.commands import DECIDING
from slipway.domain.task import Task
from slipway.ports.platform import Platform


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who asks, through what. `may_decide`: the channel knows that the person may, where they write."""

    name: str
    channel: Literal["slack", "github", "jira", "cli"]
    may_decide: bool
    account: str = ""


def check_may_list(person: Person) -> None:
    """Titles of all tasks are not for whoever can comment on a public pull request."""
    if person.channel == "github" and not person.may_decide:
        raise _refused(person, "list", "It needs write permission on the repository.")


def check_may_command(person: Person, verb: str, task: Task, *, home: str | None, platform: Platform) -> None:
    """Raise PolicyRefused with what is missing. `home` is the task of the place where the person writes."""
    if person.channel == "github":
        _check_writer(person, verb, task, is_home=task.id == home, platform=platform)
    elif person.channel == "jira":
        _check_editor(person, verb, task, is_home=task.id == home, platform=platform)
    elif verb in DECIDING and not person.may_decide:
        raise _refused(person, verb, _MISSING[person.channel])


def refused_everywhere(person: Person, verb: str) -> PolicyRefused:
    """For who decides nowhere in this channel: said before any task is looked for."""
    return _refused(person, verb, _MISSING.get(person.channel, "It needs write permission."))


def _check_writer(person: Person, verb: str, task: Task, *, is_home: bool, platform: Platform) -> None:
    """Having rights here says nothing about a task elsewhere that the command names."""
    if person.name == platform.secrets.github().bot_login:
        raise _refused(person, verb, "It is the platform itself; a person decides.")
    if is_home:
        allowed = person.may_decide
    else:
        names = {one.repository for one in task.pull_requests} or set(task.repositories)
        allowed = bool(names) and all(platform.forge.can_write(name, person.name) for name in names)
    if not allowed:
        where = (
            ", ".join(sorted({one.repository for one in task.pull_requests}))
            if is_home
            else "its repositories"
        )
        raise _refused(person, verb, f"It needs write permission on {where}.")


def _check_editor(person: Person, verb: str, task: Task, *, is_home: bool, platform: Platform) -> None:
    """Who can comment on a ticket may read about its task; all else is for who may edit the task's ticket."""
    if is_home and verb not in DECIDING:
        return
    if not platform.tracker.may_decide(task.ticket_key, person.account):
        raise _refused(person, verb, f"It needs the permission to edit {task.ticket_key} in Jira.")


def _refused(person: Person, verb: str, missing: str) -> PolicyRefused:
    return PolicyRefused(f"{person.name} is not an approver here, so `{verb}` was not done. {missing}")


_MISSING = {
    "slack": "Ask an approver, or have an administrator add you to `approvers` of the Slack connection.",
    "jira": "It needs the permission to edit the ticket in Jira.",
    "cli": "Ask someone who is.",
}
