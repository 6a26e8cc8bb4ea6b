"""Makes the knowledge base hold what the repositories say now: only what is new is embedded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from slipway.domain.errors import NotFound
from slipway.domain.knowledge import Passage, repository_of, require_repository
from slipway.domain.prices import prices
from slipway.domain.secret_scan import scan
from slipway.ports.knowledge import EmbeddedPassage
from slipway.ports.platform import Platform
from slipway.services.gather_knowledge import gather_knowledge
from slipway.services.past_solutions import Source

BATCH = 50
GIGABYTE = 1_000_000_000
DEFAULT_PULL_REQUESTS = 200


@dataclass(frozen=True, kw_only=True)
class RepositorySync:
    """What became of one repository's passages; `skipped` says why it was left as it is.

    `withheld` names the sources of passages that were not kept because they hold a credential.
    """

    repository: str
    added: int = 0
    removed: int = 0
    unchanged: int = 0
    tokens: int = 0
    written_bytes: int = 0
    withheld: tuple[str, ...] = ()
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
        rates = prices().rates
        gigabytes = sum(one.written_bytes for one in self.repositories) / GIGABYTE
        return (
            self.tokens * rates["bedrock.titan_embed_v2_token"].usd
            + gigabytes * rates["s3vectors.put_gb"].usd
        )


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
    tokens = written = added = 0
    withheld: list[str] = []
    for batch in _batches(new):
        loaded = [(source.key, source.load()) for source in batch]
        safe = [(key, passage) for key, passage in loaded if not scan(passage.text)]
        withheld += [passage.url for key, passage in loaded if (key, passage) not in safe]
        embedded = _embedded(safe, platform)
        written += platform.knowledge.put(embedded)
        added += len(embedded)
        tokens += sum(each.embedding.tokens for each in embedded)
    platform.knowledge.delete(gone)
    return RepositorySync(
        repository=name,
        added=added,
        removed=len(gone),
        unchanged=len(old) - len(gone),
        tokens=tokens,
        written_bytes=written,
        withheld=tuple(withheld),
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


def _embedded(loaded: Sequence[tuple[str, Passage]], platform: Platform) -> list[EmbeddedPassage]:
    embeddings = platform.embeddings.embed([passage.embedded_text for _, passage in loaded])
    return [
        EmbeddedPassage(key=key, passage=passage, embedding=embedding)
        for (key, passage), embedding in zip(loaded, embeddings, strict=True)
    ]


def _batches(sources: Sequence[Source]) -> Iterator[Sequence[Source]]:
    for start in range(0, len(sources), BATCH):
        yield sources[start : start + BATCH]
