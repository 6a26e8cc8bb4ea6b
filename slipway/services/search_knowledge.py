"""Answers a question with passages of the organisation's own documents and past pull requests."""

from __future__ import annotations

from slipway.domain.knowledge import FoundPassage, KnowledgeQuery
from slipway.ports.platform import Platform


def search_knowledge(query: KnowledgeQuery, platform: Platform) -> tuple[FoundPassage, ...]:
    """The nearest passages, nearest first; those that share nothing with the question are left out."""
    (embedding,) = platform.embeddings.embed([query.text])
    found = platform.knowledge.nearest(
        embedding, limit=query.limit, repository=query.repository, kind=query.kind
    )
    return tuple(each for each in found if each.score > 0)
