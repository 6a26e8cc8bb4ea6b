"""The fixed catalogue of the Jira double: statuses, transitions, priorities, issue types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Named:
    """An entry of a catalogue."""

    id: str
    name: str


@dataclass(frozen=True)
class Status(Named):
    """A status; its category decides the colour and what counts as done."""

    category: Category
    transition_id: str


@dataclass(frozen=True)
class Category:
    """One of Jira's three fixed status categories."""

    id: int
    key: str
    name: str
    colour: str


_NEW = Category(2, "new", "To Do", "blue-gray")
_STARTED = Category(4, "indeterminate", "In Progress", "yellow")
_DONE = Category(3, "done", "Done", "green")

STATUSES: Final = {
    status.name: status
    for status in (
        Status("10000", "To Do", _NEW, "11"),
        Status("10001", "In Progress", _STARTED, "21"),
        Status("10002", "In Review", _STARTED, "31"),
        Status("10003", "Needs Human", _STARTED, "41"),
        Status("10004", "Done", _DONE, "51"),
    )
}
PRIORITIES: Final = {
    entry.name: entry
    for entry in (
        # Sites may add priorities of their own; this one has the word that ticket files use.
        Named("10000", "Critical"),
        Named("1", "Highest"),
        Named("2", "High"),
        Named("3", "Medium"),
        Named("4", "Low"),
        Named("5", "Lowest"),
    )
}
ISSUE_TYPES: Final = {
    entry.name: entry for entry in (Named("10001", "Story"), Named("10002", "Task"), Named("10003", "Bug"))
}
