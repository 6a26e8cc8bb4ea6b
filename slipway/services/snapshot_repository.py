"""Puts a repository's tree at one commit where sandboxes and agents can read it, once per commit."""

from __future__ import annotations

import re
from dataclasses import dataclass

from slipway.domain import artifact_keys
from slipway.domain.errors import InvalidInput
from slipway.ports.platform import Platform

_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+")


@dataclass(frozen=True, kw_only=True)
class StoredSnapshot:
    """Where the tree is, and which commit it is."""

    key: str
    sha: str
    default_branch: str


def snapshot_repository(repository: str, ref: str | None, platform: Platform) -> StoredSnapshot:
    """By branch or commit SHA; without one, the default branch."""
    if not _REPOSITORY.fullmatch(repository) or ".." in repository:
        raise InvalidInput(f"repository {repository!r} is not owner/name")
    sha, default_branch = platform.forge.snapshot_ref(repository, ref)
    key = artifact_keys.snapshot(repository, sha)
    if not platform.artifacts.exists(key):
        platform.artifacts.put(key, platform.forge.archive(repository, sha), content_type="application/gzip")
    return StoredSnapshot(key=key, sha=sha, default_branch=default_branch)
