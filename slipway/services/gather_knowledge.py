"""What one repository has to tell: its documents, its stated conventions, and the pull requests it merged."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from slipway.domain.document_paths import kind_of
from slipway.domain.errors import InvalidInput
from slipway.domain.knowledge import MAX_PASSAGE_CHARACTERS, Kind, Passage, passage_key
from slipway.domain.repository_config import FILE_NAMES, parse
from slipway.domain.sections import sections
from slipway.ports.forge import Forge
from slipway.services.past_solutions import Source, past_solution

MAX_DOCUMENT_BYTES = 400_000


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """Everything that one repository has to tell, each key once."""

    repository: str
    sha: str
    sources: Mapping[str, Source]


def gather_knowledge(repository: str, forge: Forge, *, pull_requests: int) -> Gathered:
    """The default branch as it is now, and the newest merged pull requests."""
    sha, _ = forge.snapshot_ref(repository, None)
    web = forge.web_url(repository)
    found = [
        *documents(repository, files(forge.archive(repository, sha)), sha=sha, web=web),
        *(
            past_solution(pull, forge)
            for pull in forge.merged_pull_requests(repository, limit=pull_requests)
            if pull.title.strip()
        ),
    ]
    return Gathered(repository=repository, sha=sha, sources={source.key: source for source in found})


def files(packed: bytes) -> dict[str, str]:
    """The texts of an archive that tell people something; what is too large to be prose is left out."""
    texts = {}
    with tarfile.open(fileobj=io.BytesIO(packed), mode="r:gz") as archive:
        for member in archive:
            wanted = member.name in FILE_NAMES or kind_of(member.name) is not None
            if not wanted or not member.isfile() or member.size > MAX_DOCUMENT_BYTES:
                continue
            content = archive.extractfile(member)
            if content is not None:
                texts[member.name] = content.read().decode("utf-8", "replace")
    return texts


def documents(repository: str, texts: Mapping[str, str], *, sha: str, web: str) -> Iterator[Source]:
    """The sections of every document, and the conventions that `.slipway.yml` states."""
    for path, text in texts.items():
        kind = kind_of(path)
        parts = (
            [(part.heading, part.text) for part in sections(text, max_characters=MAX_PASSAGE_CHARACTERS)]
            if kind
            else [("conventions", sentence) for sentence in _conventions(path, text)]
        )
        for heading, words in parts:
            passage = Passage(
                repository=repository,
                kind=kind or Kind.CONVENTION,
                path=path,
                heading=heading,
                text=words,
                sha=sha,
                url=f"{web}/blob/{sha}/{quote(path)}",
            )
            yield _ready(passage_key(repository, passage.kind, path, heading, words), passage)


def _ready(key: str, passage: Passage) -> Source:
    return Source(key=key, load=lambda: passage)


def _conventions(path: str, text: str) -> tuple[str, ...]:
    try:
        return parse(text, name=path).conventions
    except InvalidInput:
        # The agents that work there report the mistake; its other documents are still worth reading.
        return ()
