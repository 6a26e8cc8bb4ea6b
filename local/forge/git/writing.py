"""Writing git objects and refs without a work tree."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from local.forge.git.command import ZERO_SHA, GitFailed
from local.forge.git.objects import Signature, TreeChange
from local.forge.git.repository import GitRepository

DIRECTORY_MODE = "040000"


def write_blob(repository: GitRepository, content: bytes) -> str:
    """Store a blob and return its SHA."""
    return repository.git("hash-object", "-w", "--stdin", stdin=content).decode().strip()


def write_tree(repository: GitRepository, changes: Sequence[TreeChange], *, base: str | None) -> str:
    """Make a tree from another one and a list of changes to it."""
    with tempfile.TemporaryDirectory() as scratch:
        env = {"GIT_INDEX_FILE": str(Path(scratch) / "index")}
        if base is not None:
            repository.git("read-tree", base, env=env)
        for change in changes:
            if change.mode == DIRECTORY_MODE and change.sha is not None:
                _forget_below(repository, change.path, base=base, env=env)
                repository.git("read-tree", f"--prefix={change.path}/", change.sha, env=env)
        lines = [
            f"{change.mode if change.sha else '0'} {change.sha or ZERO_SHA}\t{change.path}\0"
            for change in changes
            if change.mode != DIRECTORY_MODE or change.sha is None
        ]
        repository.git("update-index", "-z", "--index-info", stdin="".join(lines).encode(), env=env)
        return repository.git("write-tree", env=env).decode().strip()


def _forget_below(repository: GitRepository, path: str, *, base: str | None, env: dict[str, str]) -> None:
    """Empty a directory of the index, because read-tree refuses to overlay one."""
    if base is None:
        return
    inside = [entry for entry in repository.tree(base, recursive=True) if entry.path.startswith(f"{path}/")]
    lines = [f"0 {ZERO_SHA}\t{entry.path}\0" for entry in inside if entry.kind != "tree"]
    repository.git("update-index", "-z", "--index-info", stdin="".join(lines).encode(), env=env)


def write_commit(
    repository: GitRepository,
    *,
    tree: str,
    parents: Sequence[str],
    message: str,
    author: Signature,
    committer: Signature,
) -> str:
    """Make a commit object; no ref moves."""
    env = {
        "GIT_AUTHOR_NAME": author.name,
        "GIT_AUTHOR_EMAIL": author.email,
        "GIT_AUTHOR_DATE": author.date,
        "GIT_COMMITTER_NAME": committer.name,
        "GIT_COMMITTER_EMAIL": committer.email,
        "GIT_COMMITTER_DATE": committer.date,
    }
    ancestry = [argument for parent in parents for argument in ("-p", parent)]
    made = repository.git("commit-tree", tree, *ancestry, "-F", "-", stdin=message.encode(), env=env)
    return made.decode().strip()


def write_tag(repository: GitRepository, *, name: str, target: str, message: str, tagger: Signature) -> str:
    """Make an annotated tag object."""
    kind = repository.kind(target) or "commit"
    when = repository.git("log", "-1", "--format=%ct", target).decode().strip()
    text = (
        f"object {target}\ntype {kind}\ntag {name}\n"
        f"tagger {tagger.name} <{tagger.email}> {when} +0000\n\n{message}\n"
    )
    return repository.git("mktag", stdin=text.encode()).decode().strip()


def move_ref(repository: GitRepository, name: str, *, new: str, old: str | None = None) -> None:
    """Create or move a ref; with `old`, only from there (40 zeros: it must not exist)."""
    repository.git("update-ref", name, new, *([old] if old is not None else []))


def delete_ref(repository: GitRepository, name: str) -> None:
    """Remove a ref."""
    repository.git("update-ref", "-d", name)


def merged_tree(repository: GitRepository, ours: str, theirs: str) -> str | None:
    """Merge two commits in memory and return the tree, or nothing when they conflict."""
    try:
        output = repository.known("merge-tree", "--write-tree", "--no-messages", ours, theirs)
    except GitFailed as failure:
        if failure.exit_code == 1:
            return None
        raise
    return output.decode().split("\n", 1)[0]
