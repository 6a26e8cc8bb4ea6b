"""Knowledge of an organisation as passages that can be quoted: what is kept of each, and under which key."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from slipway.domain.errors import InvalidInput

EMBEDDING_MODEL = "amazon.titan-embed-text-v2:0"
DIMENSIONS = 1024
MAX_PASSAGE_CHARACTERS = 1_800
MAX_QUERY_CHARACTERS = 2_000
MAX_RESULTS = 20
DEFAULT_RESULTS = 5
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")


class Kind(StrEnum):
    """What a passage is evidence of."""

    CONVENTION = "convention"
    DECISION = "decision"
    DOCUMENT = "document"
    PULL_REQUEST = "pull_request"


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A piece of text, where it stands, and the commit that it was read at."""

    repository: str
    kind: Kind
    path: str
    heading: str
    text: str
    sha: str
    url: str

    @property
    def embedded_text(self) -> str:
        """What the embedding sees: the words, and the headings that say what they are about."""
        return f"{self.repository}: {self.path}\n{self.heading}\n\n{self.text}"


@dataclass(frozen=True, kw_only=True)
class FoundPassage:
    """A passage that answers a query; `score` is the cosine of the two vectors, at most 1."""

    passage: Passage
    score: float


@dataclass(frozen=True, kw_only=True)
class KnowledgeQuery:
    """A question, and where to look for its answer."""

    text: str
    repository: str | None = None
    kind: Kind | None = None
    limit: int = DEFAULT_RESULTS

    def __post_init__(self) -> None:
        """Refuse what no search could answer."""
        if not self.text.strip():
            raise InvalidInput("query is empty: ask in words, such as 'how are amounts rounded'")
        if len(self.text) > MAX_QUERY_CHARACTERS:
            raise InvalidInput(f"query has more than {MAX_QUERY_CHARACTERS} characters; ask one question")
        if not 1 <= self.limit <= MAX_RESULTS:
            raise InvalidInput(f"limit must be 1 to {MAX_RESULTS}, not {self.limit}")
        if self.repository is not None:
            require_repository(self.repository)


@dataclass(frozen=True)
class Embedding:
    """A vector of length 1, and how many tokens it cost."""

    vector: tuple[float, ...]
    tokens: int


@dataclass(frozen=True)
class Contents:
    """How many passages of each repository and kind there are."""

    counts: Mapping[tuple[str, Kind], int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All passages."""
        return sum(self.counts.values())


def passage_key(repository: str, kind: Kind, *content: str) -> str:
    """The same for the same content at the same place, whatever the commit: nothing is embedded twice.

    Repository and kind can be read off a key; the rest is a digest of `content`.
    """
    digest = hashlib.sha256("\0".join(content).encode()).hexdigest()[:32]
    return f"{repository}#{kind}#{digest}"


def repository_of(key: str) -> str:
    """The repository that a key belongs to."""
    return key.partition("#")[0]


def contents(keys: Iterable[str]) -> Contents:
    """What a set of keys says about the passages behind it."""
    counted: Counter[tuple[str, Kind]] = Counter()
    for key in keys:
        repository, kind, _ = key.split("#")
        counted[repository, Kind(kind)] += 1
    return Contents(dict(sorted(counted.items())))


def require_repository(repository: str) -> None:
    """Refuse what is not `owner/name`."""
    if not _REPOSITORY.fullmatch(repository) or ".." in repository:
        raise InvalidInput(f"repository {repository!r} is not owner/name")
