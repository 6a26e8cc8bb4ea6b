"""The knowledge base in memory: vectors by words, compared one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from slipway.domain.knowledge import DIMENSIONS, Embedding, FoundPassage, Kind
from slipway.domain.word_vector import word_vector, words
from slipway.ports.knowledge import EmbeddedPassage


@dataclass(frozen=True, kw_only=True)
class MemoryEmbeddings:
    """Remembers what it was asked to embed."""

    embedded: list[str] = field(default_factory=list)

    def embed(self, texts: Sequence[str]) -> tuple[Embedding, ...]:
        """By the words of the text."""
        self.embedded.extend(texts)
        return tuple(
            Embedding(tuple(word_vector(text, dimensions=DIMENSIONS)), len(words(text))) for text in texts
        )


@dataclass(frozen=True, kw_only=True)
class MemoryKnowledge:
    """Passages by key."""

    passages: dict[str, EmbeddedPassage] = field(default_factory=dict)

    def keys(self) -> frozenset[str]:
        """Everything kept."""
        return frozenset(self.passages)

    def put(self, passages: Sequence[EmbeddedPassage]) -> int:
        """Keep or replace."""
        self.passages.update({each.key: each for each in passages})
        return sum(len(each.passage.text.encode()) for each in passages)

    def delete(self, keys: Sequence[str]) -> None:
        """Forget."""
        for key in keys:
            self.passages.pop(key, None)

    def nearest(
        self, embedding: Embedding, *, limit: int, repository: str | None = None, kind: Kind | None = None
    ) -> tuple[FoundPassage, ...]:
        """All of them, compared and sorted."""
        found = [
            FoundPassage(
                passage=each.passage,
                score=round(
                    sum(a * b for a, b in zip(embedding.vector, each.embedding.vector, strict=True)), 4
                ),
            )
            for each in self.passages.values()
            if repository in {None, each.passage.repository} and kind in {None, each.passage.kind}
        ]
        return tuple(sorted(found, key=lambda each: -each.score)[:limit])
