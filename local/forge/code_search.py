"""Code search: a real grep over the default branches."""

from __future__ import annotations

import fnmatch
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.forge.git.command import GitFailed
from local.forge.search_query import Query, Term
from local.forge.shapes.language import extensions_of

if TYPE_CHECKING:
    from local.forge.forge import Forge
    from local.forge.git.objects import TreeEntry
    from local.forge.git.repository import GitRepository
    from local.forge.records import Repository

FRAGMENT_LINES = 2
MAX_FRAGMENTS = 2


@dataclass(frozen=True)
class Fragment:
    """A piece of a file around a match, with where in it each term stands."""

    text: str
    matches: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Hit:
    """One file that a query found."""

    repository: Repository
    entry: TreeEntry
    commit: str
    score: int


def search_code(forge: Forge, query: Query) -> list[Hit]:
    """Find the files that hold every term (or, with OR, one), most matches first."""
    hits = [hit for repository in _in_scope(forge, query) for hit in _in_repository(forge, repository, query)]
    return sorted(hits, key=lambda hit: (-hit.score, hit.repository.full_name, hit.entry.path))


def fragments(forge: Forge, hit: Hit, query: Query) -> list[Fragment]:
    """Cut out the lines around the first matches."""
    content = (forge.git(hit.repository).blob(hit.entry.sha) or b"").decode(errors="replace")
    lines = content.split("\n")
    patterns = [_pattern(term) for term in query.terms]
    cut: list[Fragment] = []
    covered = -1
    for place, line in enumerate(lines):
        if place <= covered or not any(pattern.search(line) for pattern in patterns):
            continue
        covered = place + FRAGMENT_LINES
        text = "\n".join(lines[max(0, place - FRAGMENT_LINES) : covered + 1])
        found = [match for pattern in patterns for match in pattern.finditer(text)]
        cut.append(Fragment(text, tuple((match.group(), match.start(), match.end()) for match in found)))
        if len(cut) == MAX_FRAGMENTS:
            break
    return cut


def in_scope(repository: Repository, query: Query) -> bool:
    """Apply `repo:`, `org:` and `user:`; several of them mean any of them."""
    name, owner = repository.full_name.lower(), repository.owner.lower()
    if any(name == value.lower() for value in query.without.get("repo", [])):
        return False
    repositories = [value.lower() for value in query.values("repo")]
    owners = [value.lower() for value in query.values("org", "user")]
    return not (repositories or owners) or name in repositories or owner in owners


def _in_scope(forge: Forge, query: Query) -> list[Repository]:
    return forge.store.repositories.where(lambda repository: in_scope(repository, query))


def _in_repository(forge: Forge, repository: Repository, query: Query) -> list[Hit]:
    git = forge.git(repository)
    commit = git.resolve(repository.default_branch)
    if commit is None:
        return []
    files = {
        entry.path: entry
        for entry in git.tree(commit, recursive=True)
        if entry.kind == "blob" and _path_fits(entry.path, query)
    }
    scores = _scores(git, commit, files, query)
    return [Hit(repository, files[path], commit, score) for path, score in scores.items()]


def _scores(git: GitRepository, commit: str, files: dict[str, TreeEntry], query: Query) -> dict[str, int]:
    if not query.terms:
        return dict.fromkeys(files, 1)
    found = [_counts(git, commit, files, term, where=query.values("in")) for term in query.terms]
    paths = set(files)
    wanted = set[str]().union(*found) if query.is_any else set.intersection(*map(set, found))
    for term in query.unwanted:
        wanted -= set(_grep(git, commit, term))
    return {path: sum(counts[path] for counts in found) for path in wanted & paths}


def _counts(
    git: GitRepository, commit: str, files: dict[str, TreeEntry], term: Term, *, where: list[str]
) -> Counter[str]:
    asked = ",".join(where)
    counts: Counter[str] = Counter()
    if not asked or "file" in asked:
        counts += _grep(git, commit, term)
    if "path" in asked:
        counts += Counter(path for path in files if _pattern(term).search(path))
    return counts


def _grep(git: GitRepository, commit: str, term: Term) -> Counter[str]:
    how = "-P" if term.is_pattern else "-F"
    try:
        output = git.known("grep", "-I", "-i", "-c", "-z", how, "-e", term.text, commit, "--")
    except GitFailed as failure:
        if failure.exit_code == 1:  # git grep's way of saying that nothing matched
            return Counter()
        raise
    counts: Counter[str] = Counter()
    for name, count in re.findall(r"[0-9a-f]{40}:([^\0]*)\0(\d+)\n", output.decode(errors="replace")):
        counts[name] = int(count)
    return counts


def _path_fits(path: str, query: Query) -> bool:
    name = path.rsplit("/", 1)[-1]
    extension = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    extensions = [value.lower().lstrip(".") for value in query.values("extension")]
    languages = [extensions_of(value) for value in query.values("language")]
    return (
        all(_under(path, value) for value in query.values("path"))
        and not any(_under(path, value) for value in query.without.get("path", []))
        and all(value.lower() in name.lower() for value in query.values("filename"))
        and (not extensions or extension in extensions)
        and (not languages or any(extension in known for known in languages))
    )


def _under(path: str, value: str) -> bool:
    wanted = value.strip("/").lower()
    lowered = path.lower()
    if any(sign in wanted for sign in "*?["):
        return fnmatch.fnmatch(lowered, wanted) or fnmatch.fnmatch(lowered, f"*/{wanted}")
    return not wanted or lowered == wanted or f"/{wanted}/" in f"/{lowered}/" or wanted in lowered


def _pattern(term: Term) -> re.Pattern[str]:
    text = term.text if term.is_pattern else re.escape(term.text)
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error:
        return re.compile(re.escape(term.text), re.IGNORECASE)
