"""What discovery found: ranked repositories and files with reasons, how they depend, how big the work is."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from slipway.domain.camel import Contract

Complexity = Literal["Low", "Medium", "High"]


class RelevantFile(Contract):
    """One file; `relevance` is 0 to 1."""

    path: str
    type: Literal["source", "test", "config"]
    relevance: float = Field(ge=0, le=1)


class RelevantRepository(Contract):
    """One repository (`owner/name`), why it matters, and its files, most relevant first."""

    name: str
    relevance: float = Field(ge=0, le=1)
    reason: str
    files: tuple[RelevantFile, ...] = ()


class CrossRepositoryDependency(Contract):
    """`source` needs `target`."""

    source: str = Field(alias="from")
    target: str = Field(alias="to")
    type: Literal["API", "shared-lib", "event"]
    description: str


class DiscoveryResult(Contract):
    """The discovery agent's answer."""

    relevant_repos: tuple[RelevantRepository, ...] = Field(min_length=1, max_length=10)
    cross_repo_dependencies: tuple[CrossRepositoryDependency, ...] = ()
    estimated_complexity: Complexity
    recommended_approach: str
