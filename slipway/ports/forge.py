"""The forge as the platform reads it directly: the gate and CI truth never go through an agent's tools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from slipway.domain.evidence import CheckConclusion


@dataclass(frozen=True, kw_only=True)
class PullRequestView:
    """A pull request as it is now."""

    repository: str
    number: int
    state: Literal["open", "closed", "merged"]
    draft: bool
    head_sha: str
    branch: str
    base: str
    base_sha: str
    url: str


@dataclass(frozen=True, kw_only=True)
class ChangedFile:
    """One file of the diff."""

    path: str
    status: Literal["added", "modified", "removed", "renamed"]
    previous_path: str | None = None
    additions: int = 0
    deletions: int = 0


@dataclass(frozen=True, kw_only=True)
class CommitView:
    """One commit of a pull request; `author` is a login, or the git name when the forge knows no user."""

    sha: str
    message: str
    author: str


@dataclass(frozen=True, kw_only=True)
class MergedPullRequest:
    """A pull request that was merged: what it said it solves, and the commit that did."""

    repository: str
    number: int
    title: str
    body: str
    merge_sha: str
    url: str


class Forge(Protocol):
    """Raises NotFound, Throttled or UpstreamUnavailable; repositories are `owner/name`."""

    def bot_login(self) -> str: ...

    def pull_request(self, repository: str, number: int) -> PullRequestView: ...

    def changed_files(self, repository: str, number: int) -> Sequence[ChangedFile]: ...

    def commits(self, repository: str, number: int) -> Sequence[CommitView]: ...

    def file(self, repository: str, path: str, *, ref: str) -> str | None:
        """Text of a file at a ref; None when it is not there."""
        ...

    def checks(self, repository: str, sha: str) -> tuple[CheckConclusion, ...]:
        """Check runs and commit statuses of exactly this commit."""
        ...

    def has_workflows(self, repository: str, *, ref: str) -> bool:
        """Whether any CI workflow file exists at the ref."""
        ...

    def can_write(self, repository: str, login: str) -> bool:
        """Whether this person may write to the repository."""
        ...

    def comment(self, repository: str, number: int, body: str, *, marker: str) -> None:
        """Write our comment that carries `marker`, or edit it when it exists."""
        ...

    def mark_ready(self, repository: str, number: int) -> None:
        """Take the pull request out of draft; fine when it is."""
        ...

    def snapshot_ref(self, repository: str, ref: str | None) -> tuple[str, str]:
        """The commit SHA of a branch, tag or SHA (None: the default branch) and the default branch."""
        ...

    def archive(self, repository: str, sha: str) -> bytes:
        """The tree at a commit, tar.gz with the files at the archive's root."""
        ...

    def repositories(self) -> Sequence[str]:
        """Every repository that the App may see and that is still worked on, by name."""
        ...

    def web_url(self, repository: str) -> str:
        """Where a person reads the repository."""
        ...

    def merged_pull_requests(self, repository: str, *, limit: int) -> Sequence[MergedPullRequest]:
        """The newest merged pull requests, newest first."""
        ...
