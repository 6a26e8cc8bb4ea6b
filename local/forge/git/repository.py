"""Reading one bare repository: refs, commits, trees and blobs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from local.forge.clock import parse, stamp
from local.forge.git.command import SHA, GitFailed, run_git
from local.forge.git.objects import Commit, Ref, Signature, TreeEntry

_COMMIT_FORMAT = "%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x01"
_UNSAFE_REF = re.compile(r"^[-/]|\.\.|[\x00-\x20\x7f~^:?*\[\\]|@\{|//|/$|\.lock$|\.$|^$")


class GitRepository:
    """A bare repository on disk, read through git."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def known(self, *arguments: str) -> bytes:
        """Ask what can never change, because every object is named by its SHA; answers are kept."""
        return _asked(self.path, arguments)

    def git(self, *arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None) -> bytes:
        """Run git in this repository."""
        return run_git(self.path, *arguments, stdin=stdin, env=env)

    def resolve(self, name: str, *, kind: str = "commit") -> str | None:
        """Find the object that a branch, a tag, a full ref or a (short) SHA names."""
        if not is_valid_ref(name):
            return None
        for candidate in (f"refs/heads/{name}", f"refs/tags/{name}", name, f"refs/{name}"):
            try:
                found = self.git("rev-parse", "--verify", "--quiet", f"{candidate}^{{{kind}}}")
            except GitFailed:
                continue
            return found.decode().strip()
        return None

    def refs(self, *prefixes: str) -> list[Ref]:
        """List refs below the prefixes (`refs/heads/`...)."""
        listed = self.git("for-each-ref", "--format=%(objectname) %(objecttype) %(refname)", *prefixes)
        found = []
        for line in listed.decode().splitlines():
            sha, kind, name = line.split(" ", 2)
            found.append(Ref(name=name, sha=sha, kind=kind))
        return found

    def ref(self, name: str) -> Ref | None:
        """Find one ref by its full name."""
        if not is_valid_ref(name):
            return None
        return next((ref for ref in self.refs(name) if ref.name == name), None)

    def kind(self, sha: str) -> str | None:
        """Say what kind of object a full SHA is, or nothing when it is not here."""
        if not SHA.fullmatch(sha):
            return None
        try:
            return self.known("cat-file", "-t", sha).decode().strip()
        except GitFailed:
            return None

    def commit(self, sha: str) -> Commit | None:
        """Read one commit."""
        return next(iter(self.log(sha, limit=1)), None) if self.kind(sha) == "commit" else None

    def log(
        self,
        start: str,
        *,
        exclude: Sequence[str] = (),
        limit: int = 30,
        skip: int = 0,
        path: str | None = None,
        options: Sequence[str] = (),
    ) -> list[Commit]:
        """Read history, newest first; `exclude` leaves out what those commits reach."""
        where = ["--", path] if path else ["--"]
        output = self.known(
            "log",
            f"--format={_COMMIT_FORMAT}",
            f"--max-count={limit}",
            f"--skip={skip}",
            *options,
            start,
            *(f"^{sha}" for sha in exclude),
            *where,
        )
        chunks = output.decode(errors="replace").split("\x01")
        return [_read_commit(chunk.lstrip("\n")) for chunk in chunks if chunk.strip("\n")]

    def count(self, start: str, *, exclude: Sequence[str] = (), path: str | None = None) -> int:
        """Count commits."""
        where = ["--", path] if path else ["--"]
        return int(self.known("rev-list", "--count", start, *(f"^{sha}" for sha in exclude), *where))

    def merge_base(self, left: str, right: str) -> str | None:
        """Find the best common ancestor."""
        try:
            return self.known("merge-base", left, right).decode().strip()
        except GitFailed:
            return None

    def contains(self, descendant: str, ancestor: str) -> bool:
        """Say whether history leads from one commit back to the other."""
        try:
            self.known("merge-base", "--is-ancestor", ancestor, descendant)
        except GitFailed:
            return False
        return True

    def tree(self, treeish: str, *, recursive: bool = False, path: str | None = None) -> list[TreeEntry]:
        """List a tree (with subtrees when recursive), or what one path names in it."""
        flags = ["-r", "-t"] if recursive else []
        where = [f":(literal){path}"] if path else []
        output = self.known("ls-tree", "-z", "-l", *flags, treeish, *where)
        return [_read_entry(line) for line in output.decode(errors="replace").split("\0") if line]

    def entry(self, treeish: str, path: str) -> TreeEntry | None:
        """Find one file or directory."""
        if _is_outside(path):
            return None
        return next((entry for entry in self.tree(treeish, path=path) if entry.path == path), None)

    def blob(self, sha: str) -> bytes | None:
        """Read a blob's bytes."""
        if not SHA.fullmatch(sha):
            return None
        try:
            return self.git("cat-file", "blob", sha)
        except GitFailed:
            return None

    def file(self, treeish: str, path: str) -> bytes | None:
        """Read a file at a commit or tree."""
        entry = self.entry(treeish, path)
        return self.blob(entry.sha) if entry is not None and entry.kind == "blob" else None

    def archive(self, treeish: str, *, prefix: str, kind: str) -> bytes:
        """Pack a tree as tar.gz or zip below one top folder."""
        return self.git("archive", f"--format={kind}", f"--prefix={prefix}/", treeish)


@lru_cache(maxsize=2048)
def _asked(path: Path, arguments: tuple[str, ...]) -> bytes:
    return run_git(path, *arguments)


def forget_answers() -> None:
    """Drop the kept answers, after a repository was removed or replaced."""
    _asked.cache_clear()


def is_valid_ref(name: str) -> bool:
    """Say whether git would take this as (part of) a ref name, and not as an option or an expression."""
    return _UNSAFE_REF.search(name) is None


def _is_outside(path: str) -> bool:
    return path.startswith("/") or any(part in ("", ".", "..") for part in path.split("/"))


def _read_commit(text: str) -> Commit:
    sha, tree, parents, *who, message = text.split("\0", 9)
    return Commit(
        sha=sha,
        tree=tree,
        parents=tuple(parents.split()),
        author=Signature(name=who[0], email=who[1], date=stamp(parse(who[2]))),
        committer=Signature(name=who[3], email=who[4], date=stamp(parse(who[5]))),
        message=message.rstrip("\n"),
    )


def _read_entry(line: str) -> TreeEntry:
    meta, path = line.split("\t", 1)
    mode, kind, sha, size = meta.split()
    if kind == "blob":
        return TreeEntry(mode=mode, kind="blob", sha=sha, path=path, size=int(size))
    return TreeEntry(mode=mode, kind="tree" if kind == "tree" else "commit", sha=sha, path=path)
