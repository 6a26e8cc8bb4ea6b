"""What git objects look like to the rest of the forge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Signature:
    """Who did something and when (ISO 8601)."""

    name: str
    email: str
    date: str


@dataclass(frozen=True)
class Commit:
    """A commit as stored."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str


@dataclass(frozen=True)
class TreeEntry:
    """One entry of a tree; `size` is set for blobs."""

    mode: str
    kind: Literal["blob", "tree", "commit"]
    sha: str
    path: str
    size: int | None = None


@dataclass(frozen=True)
class TreeChange:
    """One entry to put into a new tree; an empty `sha` deletes the path."""

    path: str
    mode: str
    sha: str | None


@dataclass(frozen=True)
class Ref:
    """A full ref name and the object it points to."""

    name: str
    sha: str
    kind: str = "commit"


FileStatus = Literal["added", "removed", "modified", "renamed", "copied", "changed"]


@dataclass(frozen=True)
class FileChange:
    """One file of a diff, with GitHub's `patch` (the hunks without the file header)."""

    path: str
    status: FileStatus
    sha: str
    additions: int
    deletions: int
    patch: str | None
    previous_path: str | None = None
