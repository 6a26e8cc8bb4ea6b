"""The knowledge base: text becomes vectors, vectors are kept with their passages and found again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from slipway.domain.knowledge import Embedding, FoundPassage, Kind, Passage


@dataclass(frozen=True, kw_only=True)
class EmbeddedPassage:
    """A passage and its vector, ready to be kept."""

    passage: Passage
    embedding: Embedding
    key: str


class Embeddings(Protocol):
    """Raises Throttled or UpstreamUnavailable."""

    def embed(self, texts: Sequence[str]) -> tuple[Embedding, ...]:
        """One embedding for each text, in order."""
        ...


class Knowledge(Protocol):
    """Raises NotFound when the index was not deployed."""

    def keys(self) -> frozenset[str]:
        """The keys of everything that is kept."""
        ...

    def put(self, passages: Sequence[EmbeddedPassage]) -> int:
        """Keep passages, replacing those of the same key; returns how many bytes were sent."""
        ...

    def delete(self, keys: Sequence[str]) -> None:
        """Forget passages; fine when they are gone."""
        ...

    def nearest(
        self, embedding: Embedding, *, limit: int, repository: str | None = None, kind: Kind | None = None
    ) -> tuple[FoundPassage, ...]:
        """The passages nearest to a vector, nearest first."""
        ...
