"""What one repository has to tell: its documents, its stated conventions, and the pull requests it merged."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from slipway.domain.document_paths import kind_of
from slipway.domain.errors import InvalidInput
from slipway.domain.knowledge import MAX_PASSAGE_CHARACTERS, Kind, Passage, passage_key
from slipway.domain.repository_config import FILE_NAMES, parse
from slipway.domain.sections import pieces, sections
from slipway.ports.forge import ChangedFile, Forge, MergedPullRequest

MAX_DOCUMENT_BYTES = 400_000
MAX_LISTED_FILES = 40


@dataclass(frozen=True, kw_only=True)
class Source:
    """A passage to come: its key is known at once, its text may cost a request."""

    key: str
    load: Callable[[], Passage]


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
            solution(pull, forge)
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


def solution(pull: MergedPullRequest, forge: Forge) -> Source:
    """How something was solved: what the pull request said, and which files it changed."""
    heading = f"#{pull.number} {pull.title.strip()}"
    body = next(pieces(pull.body, max_characters=MAX_PASSAGE_CHARACTERS), "")

    def load() -> Passage:
        # The merge commit is part of the key, so the files cannot have changed when it is known.
        changed = forge.changed_files(pull.repository, pull.number)
        return Passage(
            repository=pull.repository,
            kind=Kind.PULL_REQUEST,
            path=f"pull/{pull.number}",
            heading=heading,
            text=f"{body}\n\n{_summary(changed)}".strip(),
            sha=pull.merge_sha,
            url=pull.url,
        )

    key = passage_key(pull.repository, Kind.PULL_REQUEST, str(pull.number), heading, body, pull.merge_sha)
    return Source(key=key, load=load)


def _ready(key: str, passage: Passage) -> Source:
    return Source(key=key, load=lambda: passage)


def _conventions(path: str, text: str) -> tuple[str, ...]:
    try:
        return parse(text, name=path).conventions
    except InvalidInput:
        # The agents that work there report the mistake; its other documents are still worth reading.
        return ()


def _summary(changed: Sequence[ChangedFile]) -> str:
    lines = [f"{file.status} {file.path} (+{file.additions} -{file.deletions})" for file in changed]
    more = len(lines) - MAX_LISTED_FILES
    return "\n".join(["Files:", *lines[:MAX_LISTED_FILES], *([f"and {more} more"] if more > 0 else [])])
