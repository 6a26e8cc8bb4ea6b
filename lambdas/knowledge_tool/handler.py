"""Gateway target `knowledge`: the tool `search`."""

from __future__ import annotations

from collections.abc import Mapping

from lambdas.process import platform
from slipway.domain.errors import InvalidInput
from slipway.domain.knowledge import DEFAULT_RESULTS, Kind, KnowledgeQuery
from slipway.services.quote_knowledge import quoted
from slipway.services.search_knowledge import search_knowledge


def handler(event: Mapping[str, object], _context: object) -> dict[str, object]:
    """The gateway sends the tool's arguments as the event."""
    return quoted(search_knowledge(_query(event), platform()))


def _query(event: Mapping[str, object]) -> KnowledgeQuery:
    query, repository, kind = event.get("query"), event.get("repository"), event.get("kind")
    limit = event.get("limit", DEFAULT_RESULTS)
    if not isinstance(query, str) or not (repository is None or isinstance(repository, str)):
        raise InvalidInput("search takes a query as text, and a repository as owner/name")
    if kind and kind not in set(Kind):
        raise InvalidInput(f"kind {kind!r} is not one of {', '.join(Kind)}")
    # Numbers of JSON may come as 5.0.
    if not isinstance(limit, int | float) or isinstance(limit, bool) or limit != int(limit):
        raise InvalidInput(f"limit must be a whole number, not {limit!r}")
    return KnowledgeQuery(
        text=query, repository=repository or None, kind=Kind(str(kind)) if kind else None, limit=int(limit)
    )
