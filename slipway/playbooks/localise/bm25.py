"""BM25 over small collections, in plain Python."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Mapping
from typing import Generic, TypeVar

KeyT = TypeVar("KeyT", bound=Hashable)

SATURATION = 1.2
LENGTH_WEIGHT = 0.6


class Bm25(Generic[KeyT]):
    """Scores documents, given as word counts, against a query."""

    def __init__(self, documents: Mapping[KeyT, Counter[str]]) -> None:
        """Count once what every query needs."""
        self._documents = documents
        self._lengths = {key: sum(counts.values()) for key, counts in documents.items()}
        self._mean = sum(self._lengths.values()) / len(documents) if documents else 1.0
        self._holding: Counter[str] = Counter()
        for counts in documents.values():
            self._holding.update(counts.keys())

    def rarity(self, word: str) -> float:
        """High for words that few documents hold; 0 for words that none holds."""
        holding = self._holding[word]
        if not holding:
            return 0.0
        return math.log(1 + (len(self._documents) - holding + 0.5) / (holding + 0.5))

    def scores(self, query: Mapping[str, float]) -> dict[KeyT, float]:
        """Every document's score; words of the query count by their weight."""
        weighted = {word: weight * self.rarity(word) for word, weight in query.items()}
        wanted = {word: weight for word, weight in weighted.items() if weight > 0}
        return {key: self._score(key, counts, wanted) for key, counts in self._documents.items()}

    def _score(self, key: KeyT, counts: Counter[str], wanted: Mapping[str, float]) -> float:
        norm = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * self._lengths[key] / max(self._mean, 1.0))
        return sum(
            weight * counts[word] * (SATURATION + 1) / (counts[word] + norm)
            for word, weight in wanted.items()
            if word in counts
        )
