"""The discovery agent's own tool: read repositories whole and rank what they hold against the ticket."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from strands.types.tools import AgentTool

from agents.discovery.contract import DiscoveryRequest
from agents.discovery.dependencies import dependencies
from slipway.agentkit.context import RunContext
from slipway.agentkit.snapshots import Snapshots
from slipway.agentkit.tooling import as_tools
from slipway.domain.camel import Contract
from slipway.domain.discovery import (
    Complexity,
    CrossRepositoryDependency,
    RelevantFile,
    RelevantRepository,
)
from slipway.domain.errors import InvalidInput
from slipway.domain.event import EventKind
from slipway.domain.ticket import Ticket
from slipway.playbooks.base import Trees
from slipway.playbooks.localise import RankedRepository, rank

MAX_SURVEYED = 12
MAX_REPORTED = 10
MAX_FILES = 15
CLEARLY_RELEVANT = 0.5
DEPENDENT_RELEVANCE = 0.4


class Survey(Contract):
    """What reading the repositories showed, most relevant first."""

    repositories: tuple[RelevantRepository, ...]
    dependencies: tuple[CrossRepositoryDependency, ...]
    estimated_complexity: Complexity


@dataclass(kw_only=True)
class DiscoveryToolbox:
    """One run's reading."""

    run: RunContext[DiscoveryRequest]
    ranking: Callable[[str, Trees], list[RankedRepository]] = rank
    snapshots: Snapshots = field(init=False)

    def __post_init__(self) -> None:
        """Snapshots are kept for the run."""
        self.snapshots = Snapshots(gateway=self.run.gateway, artifacts=self.run.artifacts)

    def tools(self) -> Sequence[AgentTool]:
        """What the model may call besides the gateway's search tools."""
        return as_tools(self.run, self.survey)

    def close(self) -> None:
        """Nothing is held."""

    def survey(self, repositories: list[str]) -> Survey:
        """Read up to 12 repositories whole and rank them and their files against the ticket.

        Also finds how they depend on each other and estimates the complexity.

        Args:
            repositories: Full names, such as `owner/name`, of the organisation's repositories.
        """
        names = list(dict.fromkeys(repositories))
        owner = self.run.request.organization
        if not names or len(names) > MAX_SURVEYED:
            raise InvalidInput(
                f"name 1 to {MAX_SURVEYED} repositories, not {len(names)}; choose by searching first"
            )
        if foreign := [name for name in names if name.partition("/")[0].lower() != owner.lower()]:
            raise InvalidInput(
                f"{', '.join(foreign)} are not repositories of {owner}; use names such as {owner}/name"
            )
        trees = {snapshot.repository: snapshot.tree for snapshot in self.snapshots.all(names)}
        found = dependencies(trees)
        ranked = [_relevant(each) for each in self.ranking(_text(self.run.request.ticket), trees)]
        listed = _with_dependents(sorted(ranked, key=lambda each: -each.relevance)[:MAX_REPORTED], found)
        self.run.record(EventKind.RUN_PROGRESSED, f"discovery read {len(names)} repositories")
        return Survey(repositories=listed, dependencies=found, estimated_complexity=complexity(listed))


def complexity(repositories: Sequence[RelevantRepository]) -> Complexity:
    """Low: one repository and fewer than 5 files; Medium: up to 2 and up to 15 files; else High."""
    relevant = [each for each in repositories if each.relevance >= CLEARLY_RELEVANT]
    files = sum(file.relevance >= CLEARLY_RELEVANT for each in relevant for file in each.files)
    if len(relevant) <= 1 and files < 5:
        return "Low"
    return "Medium" if len(relevant) <= 2 and files <= 15 else "High"


def _text(ticket: Ticket) -> str:
    return "\n\n".join([ticket.summary, ticket.description, *(each.content for each in ticket.attachments)])


def _relevant(ranked: RankedRepository) -> RelevantRepository:
    return RelevantRepository(
        name=ranked.name,
        relevance=round(min(1.0, max(0.0, ranked.score)), 3),
        reason=ranked.reason,
        files=tuple(
            RelevantFile(path=path, type=kind, relevance=round(min(1.0, max(0.0, score)), 3))
            for path, kind, score in ranked.files[:MAX_FILES]
        ),
    )


def _with_dependents(
    ranked: Sequence[RelevantRepository], found: Sequence[CrossRepositoryDependency]
) -> tuple[RelevantRepository, ...]:
    """What uses a clearly relevant repository may have to change with it."""
    relevance = {each.name: each.relevance for each in ranked}
    listed = {each.name: each for each in ranked}
    for dependency in found:
        known = listed.get(dependency.source)
        if relevance.get(dependency.target, 0.0) < CLEARLY_RELEVANT or (
            known is not None and known.relevance >= DEPENDENT_RELEVANCE
        ):
            continue
        reason = f"depends on {dependency.target}: {dependency.description}"
        listed[dependency.source] = RelevantRepository(
            name=dependency.source,
            relevance=DEPENDENT_RELEVANCE,
            reason=reason,
            files=known.files if known else (),
        )
    return tuple(sorted(listed.values(), key=lambda each: -each.relevance)[:MAX_REPORTED])
