"""Ranks files for tickets of real repositories, each as it was at the commit before the fix."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, JsonValue

from slipway.domain.errors import InvalidInput
from slipway.playbooks.base import Tree
from slipway.playbooks.localise import RankedRepository, rank

SHOWN = 20
MAX_FILE_BYTES = 500_000
_GIT_FOLDERS = ("repo/.git", "repo", ".git", ".")
_LISTED = {"source": "files", "test": "tests", "config": "config"}


class Case(BaseModel):
    """A ticket, and where it was written about."""

    id: str
    repo: str
    base_commit: str
    issue_text: str


def ranked(cases: Sequence[Case], *, folder: Path) -> Iterator[dict[str, JsonValue]]:
    """Each case within its own repository."""
    for case in cases:
        tree = tree_at(git_folder(folder, case.repo), case.base_commit)
        (found,) = rank(case.issue_text, {case.repo: tree})
        yield _answer(case, found)


def ranked_in_pool(cases: Sequence[Case], *, folder: Path) -> Iterator[dict[str, JsonValue]]:
    """Each case among all repositories; the others are as the first case of theirs found them."""
    first: dict[str, Tree] = {}
    for case in cases:
        if case.repo not in first:
            first[case.repo] = tree_at(git_folder(folder, case.repo), case.base_commit)
    for case in cases:
        own = tree_at(git_folder(folder, case.repo), case.base_commit)
        found = rank(_masked(case.issue_text, first), {**first, case.repo: own})
        mine = next(one for one in found if one.name == case.repo)
        repositories: list[JsonValue] = [one.name for one in found]
        yield {**_answer(case, mine), "repos": repositories[:SHOWN]}


def git_folder(folder: Path, repository: str) -> Path:
    """Where `owner/name`'s git data lies: bare, or inside a clone."""
    home = folder / repository.replace("/", "+")
    for name in _GIT_FOLDERS:
        if (home / name / "HEAD").is_file():
            return home / name
    # A fetched mirror may keep its bare repository one level down, under a name of its own.
    below = sorted(path.parent for path in home.glob("*/HEAD"))
    if below:
        return below[0]
    raise InvalidInput(f"{home} holds no git repository; clone {repository} there")


def tree_at(git: Path, commit: str) -> dict[str, str]:
    """Every text file of a commit, read from git's objects alone."""
    listed = _git(
        git, "ls-tree", "-r", "-z", "--format=%(objecttype) %(objectname) %(objectsize) %(path)", commit
    )
    wanted: list[tuple[str, str]] = []
    for entry in listed.decode("utf-8", "replace").split("\0"):
        kind, _, rest = entry.partition(" ")
        name, _, rest = rest.partition(" ")
        size, _, path = rest.strip().partition(" ")
        if kind == "blob" and size.isdigit() and int(size) <= MAX_FILE_BYTES:
            wanted.append((name, path))
    answer = _git(git, "cat-file", "--batch", given="\n".join(name for name, _ in wanted).encode())
    return _texts(answer, [path for _, path in wanted])


def _texts(answer: bytes, paths: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    at = 0
    for path in paths:
        end = answer.index(b"\n", at)
        header = answer[at:end].split()
        at = end + 1
        if header[-1] == b"missing":
            continue
        size = int(header[2])
        content = answer[at : at + size]
        at += size + 1
        if b"\0" not in content:
            found[path] = content.decode("utf-8", "replace")
    return found


def _git(git: Path, *arguments: str, given: bytes = b"") -> bytes:
    done = subprocess.run(
        ["git", f"--git-dir={git}", *arguments],
        input=given,
        capture_output=True,
        check=False,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "GIT_NO_LAZY_FETCH": "1"},
    )
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise InvalidInput(f"git {arguments[0]} in {git} failed: {said}")
    return done.stdout


def _masked(text: str, repositories: Mapping[str, Tree]) -> str:
    """A ticket that says its repository's name would make finding it no test."""
    names = sorted({name for full in repositories for name in (full, full.partition("/")[2])}, key=len)
    either = "|".join(re.escape(name) for name in reversed(names))
    return re.sub(rf"(?i)(?<![a-z0-9])(?:{either})(?![a-z0-9])", "the project", text)


def _answer(case: Case, found: RankedRepository) -> dict[str, JsonValue]:
    answer: dict[str, JsonValue] = {"id": case.id}
    for kind, key in _LISTED.items():
        paths: list[JsonValue] = [path for path, its_kind, _ in found.files if its_kind == kind]
        answer[key] = paths[:SHOWN]
    return answer
