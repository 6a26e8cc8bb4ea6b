"""Diffs as GitHub tells them: per file, with counts and hunks, or as plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from local.forge.git.command import ZERO_SHA
from local.forge.git.objects import FileChange, FileStatus
from local.forge.git.repository import GitRepository

_STATUS: dict[str, FileStatus] = {
    "A": "added",
    "D": "removed",
    "M": "modified",
    "R": "renamed",
    "C": "copied",
    "T": "changed",
}
_NEXT_FILE = re.compile(rb"^(?=diff --git )", re.MULTILINE)


@dataclass(frozen=True)
class _Raw:
    letter: str
    old_sha: str
    new_sha: str
    path: str
    previous_path: str | None


def changed_files(repository: GitRepository, before: str, after: str) -> list[FileChange]:
    """List what changed between two commits or trees, in git's order."""
    raws = _raw_changes(repository.known("diff", "--raw", "-z", "-M", "--no-abbrev", before, after))
    counts = _counts(repository.known("diff", "--numstat", "-z", "-M", before, after))
    patches = _patches(repository.known("diff", "-M", "--full-index", before, after))
    return [
        FileChange(
            path=raw.path,
            status=_STATUS.get(raw.letter, "changed"),
            sha=raw.new_sha if raw.new_sha != ZERO_SHA else raw.old_sha,
            additions=additions,
            deletions=deletions,
            patch=patch,
            previous_path=raw.previous_path,
        )
        for raw, (additions, deletions), patch in zip(raws, counts, patches, strict=True)
    ]


def diff_text(repository: GitRepository, before: str, after: str) -> bytes:
    """Write the whole diff, as `Accept: application/vnd.github.diff` asks for."""
    return repository.git("diff", "-M", "--full-index", before, after)


def patch_text(repository: GitRepository, before: str, after: str) -> bytes:
    """Write the commits as mails, as `Accept: application/vnd.github.patch` asks for."""
    return repository.git("format-patch", "--stdout", "--no-signature", f"{before}..{after}")


def _raw_changes(output: bytes) -> list[_Raw]:
    fields = iter(output.decode(errors="replace").split("\0"))
    changes = []
    for meta in fields:
        if not meta:
            continue
        _, _, old_sha, new_sha, status = meta.split(" ")
        path, previous = next(fields), None
        if status[0] in "RC":
            path, previous = next(fields), path
        changes.append(_Raw(status[0], old_sha, new_sha, path, previous))
    return changes


def _counts(output: bytes) -> list[tuple[int, int]]:
    fields = iter(output.decode(errors="replace").split("\0"))
    counts = []
    for line in fields:
        if not line:
            continue
        additions, deletions, path = line.split("\t", 2)
        if not path:  # a rename: the two names follow as fields of their own
            next(fields)
            next(fields)
        counts.append((int(additions.replace("-", "0")), int(deletions.replace("-", "0"))))
    return counts


def _patches(output: bytes) -> list[str | None]:
    sections = [section for section in _NEXT_FILE.split(output) if section]
    return [_hunks(section.decode(errors="replace")) for section in sections]


def _hunks(section: str) -> str | None:
    start = section.find("\n@@ ")
    return section[start + 1 :].rstrip("\n") if start >= 0 else None
