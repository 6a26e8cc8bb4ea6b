"""A merged pull request as a passage: what it was for, what its commits say, and which files they changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from slipway.domain.knowledge import MAX_PASSAGE_CHARACTERS, Kind, Passage, passage_key
from slipway.domain.plan import PLAN_FILE
from slipway.domain.sections import pieces
from slipway.ports.forge import ChangedFile, CommitView, Forge, MergedPullRequest

MAX_LISTED = 40
MAX_PLAN_CHARACTERS = 800
_FORM = "1"
"""Part of every key: another number has all pull requests read and embedded again in a new form."""
_HIDDEN = re.compile(r"<!--.*?-->|^\s*[-*] \[[ xX]\].*$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Source:
    """A passage to come: its key is known at once, its text may cost requests."""

    key: str
    load: Callable[[], Passage]


def past_solution(pull: MergedPullRequest, forge: Forge) -> Source:
    """Nothing but the list is read for the key: what a merge commit holds never changes."""
    heading = f"#{pull.number} {pull.title.strip()}"
    body = _beginning(_HIDDEN.sub("", pull.body), MAX_PASSAGE_CHARACTERS)

    def load() -> Passage:
        changed = forge.changed_files(pull.repository, pull.number)
        commits = forge.commits(pull.repository, pull.number)
        parts = (body, _plan(pull, changed, forge), _commits(commits), _files(changed))
        return Passage(
            repository=pull.repository,
            kind=Kind.PULL_REQUEST,
            path=f"pull/{pull.number}",
            heading=heading,
            text="\n\n".join(part for part in parts if part),
            sha=pull.merge_sha,
            url=pull.url,
        )

    identity = (_FORM, str(pull.number), heading, body, pull.merge_sha)
    return Source(key=passage_key(pull.repository, Kind.PULL_REQUEST, *identity), load=load)


def _plan(pull: MergedPullRequest, changed: Sequence[ChangedFile], forge: Forge) -> str:
    """The beginning of the plan that the platform carried out, when it did."""
    if not any(file.path == PLAN_FILE and file.status != "removed" for file in changed):
        return ""
    return _beginning(forge.file(pull.repository, PLAN_FILE, ref=pull.merge_sha) or "", MAX_PLAN_CHARACTERS)


def _commits(commits: Sequence[CommitView]) -> str:
    subjects = [commit.message.split("\n", 1)[0] for commit in commits]
    return _listed("Commits:", [subject for subject in subjects if not subject.startswith("Merge ")])


def _files(changed: Sequence[ChangedFile]) -> str:
    own = [file for file in changed if file.path != PLAN_FILE]
    return _listed(
        "Files:", [f"{file.status} {file.path} (+{file.additions} -{file.deletions})" for file in own]
    )


def _listed(head: str, lines: Sequence[str]) -> str:
    more = len(lines) - MAX_LISTED
    shown = [*lines[:MAX_LISTED], *([f"and {more} more"] if more > 0 else [])]
    return "\n".join([head, *shown]) if shown else ""


def _beginning(text: str, characters: int) -> str:
    return next(pieces(text.strip(), max_characters=characters), "").strip()
