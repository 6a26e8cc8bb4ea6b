"""Makes the knowledge base hold what the repositories say now: only what is new is embedded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from slipway.domain.errors import NotFound
from slipway.domain.knowledge import embedding_usd, repository_of, require_repository, writing_usd
from slipway.ports.knowledge import EmbeddedPassage
from slipway.ports.platform import Platform
from slipway.services.gather_knowledge import Source, gather_knowledge

BATCH = 50
DEFAULT_PULL_REQUESTS = 200


@dataclass(frozen=True, kw_only=True)
class RepositorySync:
    """What became of one repository's passages; `skipped` says why it was left as it is."""

    repository: str
    added: int = 0
    removed: int = 0
    unchanged: int = 0
    tokens: int = 0
    written_bytes: int = 0
    skipped: str = ""


@dataclass(frozen=True, kw_only=True)
class SyncReport:
    """What one sync did, and what it costs where models cost."""

    repositories: tuple[RepositorySync, ...]

    @property
    def tokens(self) -> int:
        """Tokens that were embedded."""
        return sum(one.tokens for one in self.repositories)

    @property
    def usd(self) -> float:
        """Embedding and writing, at list prices."""
        return embedding_usd(self.tokens) + writing_usd(sum(one.written_bytes for one in self.repositories))


def sync_knowledge(
    platform: Platform,
    *,
    repositories: Sequence[str] = (),
    pull_requests: int = DEFAULT_PULL_REQUESTS,
    say: Callable[[RepositorySync], None] = lambda _: None,
) -> SyncReport:
    """These repositories, or all that the App may see and no other.

    May be repeated and interrupted at any time: passages are added before old ones are removed.
    """
    for name in repositories:
        require_repository(name)
    wanted = tuple(dict.fromkeys(repositories)) or tuple(platform.forge.repositories())
    if not wanted:
        raise NotFound("the GitHub App sees no repository; install it on those whose documents count")
    kept = platform.knowledge.keys()
    done = []
    for name in wanted:
        done.append(_sync(name, kept, platform, pull_requests=pull_requests))
        say(done[-1])
    if not repositories:
        done += _forget_others(wanted, kept, platform, say=say)
    return SyncReport(repositories=tuple(done))


def _sync(name: str, kept: frozenset[str], platform: Platform, *, pull_requests: int) -> RepositorySync:
    old = {key for key in kept if repository_of(key) == name}
    try:
        gathered = gather_knowledge(name, platform.forge, pull_requests=pull_requests)
    except NotFound as error:
        return RepositorySync(repository=name, unchanged=len(old), skipped=str(error))
    new = [source for key, source in gathered.sources.items() if key not in old]
    gone = sorted(old - gathered.sources.keys())
    tokens = written = 0
    for batch in _batches(new):
        embedded = _embedded(batch, platform)
        written += platform.knowledge.put(embedded)
        tokens += sum(each.embedding.tokens for each in embedded)
    platform.knowledge.delete(gone)
    return RepositorySync(
        repository=name,
        added=len(new),
        removed=len(gone),
        unchanged=len(old) - len(gone),
        tokens=tokens,
        written_bytes=written,
    )


def _forget_others(
    wanted: Sequence[str],
    kept: frozenset[str],
    platform: Platform,
    *,
    say: Callable[[RepositorySync], None],
) -> Iterator[RepositorySync]:
    """Repositories that the App may no longer see: what they said must not be quoted either."""
    for name in sorted({repository_of(key) for key in kept} - set(wanted)):
        gone = sorted(key for key in kept if repository_of(key) == name)
        platform.knowledge.delete(gone)
        forgotten = RepositorySync(repository=name, removed=len(gone))
        say(forgotten)
        yield forgotten


def _embedded(batch: Sequence[Source], platform: Platform) -> list[EmbeddedPassage]:
    passages = [source.load() for source in batch]
    embeddings = platform.embeddings.embed([passage.embedded_text for passage in passages])
    return [
        EmbeddedPassage(key=source.key, passage=passage, embedding=embedding)
        for source, passage, embedding in zip(batch, passages, embeddings, strict=True)
    ]


def _batches(sources: Sequence[Source]) -> Iterator[Sequence[Source]]:
    for start in range(0, len(sources), BATCH):
        yield sources[start : start + BATCH]
