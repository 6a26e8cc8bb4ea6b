"""One repository at the head of its branch, with changes that are not committed yet."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from slipway.agentkit.snapshots import Snapshot
from slipway.domain.errors import InvalidInput, NotFound
from slipway.domain.repository_config import RepositoryConfig, repository_config

MAX_EDIT_CHARACTERS = 1_000_000


@dataclass(kw_only=True)
class Checkout:
    """`committed` is the tree at `head`; `edits` lie over it, None deletes."""

    repository: str
    branch: str
    head: str
    committed: dict[str, bytes]
    texts: dict[str, str]
    edits: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def of(cls, snapshot: Snapshot, *, branch: str) -> Checkout:
        """The branch as the snapshot shows it."""
        return cls(
            repository=snapshot.repository,
            branch=branch,
            head=snapshot.sha,
            committed=dict(snapshot.files),
            texts=dict(snapshot.tree),
        )

    @property
    def config(self) -> RepositoryConfig:
        """How to work here, by the committed files: an edit must not change its own rules."""
        return repository_config(self.texts)

    @property
    def tree(self) -> dict[str, str]:
        """Every text file as it would be with the edits."""
        tree = {path: text for path, text in self.texts.items() if path not in self.edits}
        return tree | {path: text for path, text in self.edits.items() if text is not None}

    @property
    def files(self) -> dict[str, bytes]:
        """Every file as it would be with the edits."""
        files = {path: body for path, body in self.committed.items() if path not in self.edits}
        return files | {path: text.encode() for path, text in self.edits.items() if text is not None}

    def write(self, path: str, text: str) -> None:
        """Create or replace a text file; a text equal to the committed one is no edit."""
        clean = _inside(path)
        if len(text) > MAX_EDIT_CHARACTERS:
            raise InvalidInput(f"{path} would have {len(text)} characters; at most {MAX_EDIT_CHARACTERS}")
        if clean in self.committed and clean not in self.texts:
            raise InvalidInput(f"{path} is not a text file and cannot be changed here")
        if self.texts.get(clean) == text:
            self.edits.pop(clean, None)
        else:
            self.edits[clean] = text

    def delete(self, path: str) -> None:
        """Delete a file."""
        clean = _inside(path)
        if clean not in self.tree and clean not in self.committed:
            raise NotFound(f"{self.repository} has no file {path}; call list_files first")
        if clean in self.committed:
            self.edits[clean] = None
        else:
            self.edits.pop(clean, None)

    def concluded(self, head: str) -> None:
        """The edits were committed as `head`."""
        self.committed = self.files
        self.texts = self.tree
        self.head = head
        self.edits = {}


def digest(edits: Mapping[str, str | None]) -> str:
    """What a proof was made of: the same edits, the same digest."""
    state = hashlib.sha256()
    for path, text in sorted(edits.items()):
        state.update(f"{path}\0{'deleted' if text is None else len(text)}\0{text or ''}\0".encode())
    return state.hexdigest()


def _inside(path: str) -> str:
    clean = PurePosixPath(path)
    if not path or clean.is_absolute() or ".." in clean.parts or ".git" in clean.parts or "\0" in path:
        raise InvalidInput(f"{path!r} is not a path inside the repository")
    return str(clean)
