"""What a playbook is: general rules that solve one class of work without a language model."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeVar

from slipway.domain.discovery import DiscoveryResult
from slipway.domain.ticket import Ticket

WorkClass = Literal["crash", "rename", "constant", "dependency", "patch"]

Tree = Mapping[str, str]
"""Repository-relative path to text, every text file of one repository at one commit."""

Trees = Mapping[str, Tree]
"""Repository (`owner/name`) to its tree."""


@dataclass(frozen=True, kw_only=True)
class Probe:
    """A question that only running code answers: `files` overlay the repository's tree for this run alone."""

    repository: str
    command: str
    files: Mapping[str, str] = field(default_factory=dict)
    timeout_seconds: int = 60


@dataclass(frozen=True, kw_only=True)
class ProbeResult:
    """What the sandbox saw."""

    exit_code: int
    output: str


@dataclass(frozen=True, kw_only=True)
class DraftTask:
    """One future commit: the paths it may touch are all it may touch once the plan is approved."""

    repository: str
    summary: str
    test_files: tuple[str, ...]
    source_files: tuple[str, ...]
    hours: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A playbook's plan, made by reading alone."""

    work_class: WorkClass
    summary: str
    in_scope: tuple[str, ...]
    out_of_scope: tuple[str, ...]
    responsibilities: Mapping[tuple[str, str], str]
    data_flow: str
    tests: Mapping[tuple[str, str], str]
    tasks: tuple[DraftTask, ...]
    cross_repository: tuple[str, ...] = ()
    security: tuple[str, ...] = ()
    rollback: str = "Revert the pull request; no data or configuration changes."


@dataclass(frozen=True, kw_only=True)
class WorkItem:
    """One commit in full. `tests` are written first and must fail; with `changes` they must pass.

    Values are complete new texts; None deletes the file. `red_command` fails before `changes` and
    `green_command` passes after them.
    """

    repository: str
    summary: str
    tests: Mapping[str, str]
    changes: Mapping[str, str | None]
    red_command: str
    green_command: str
    rationale: str


ClaimT = TypeVar("ClaimT")


class Playbook(Protocol[ClaimT]):
    """Recognise, draft, solve. Raise NeedsHuman, saying what is missing, when the rules do not reach."""

    work_class: WorkClass

    def recognise(self, ticket: Ticket) -> ClaimT | None:
        """What the ticket asks for, when its words fit this class; None when they do not."""
        ...

    def draft(self, claim: ClaimT, *, ticket: Ticket, discovery: DiscoveryResult, trees: Trees) -> Draft:
        """The plan, deterministic for the same input."""
        ...

    def solve(
        self, claim: ClaimT, *, ticket: Ticket, draft: Draft, trees: Trees
    ) -> Generator[Probe, ProbeResult, tuple[WorkItem, ...]]:
        """One item for each task of the draft, in its order; yields probes and receives their results."""
        ...
